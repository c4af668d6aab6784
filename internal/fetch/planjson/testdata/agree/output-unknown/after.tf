resource "terraform_data" "x" {}
output "id" { value = terraform_data.x.id }
output "part" { value = { id = terraform_data.x.id, n = 1 } }
