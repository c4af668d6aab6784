variable "v" {}
resource "terraform_data" "in" { input = var.v }
output "id" { value = terraform_data.in.id }
