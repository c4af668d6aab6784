resource "terraform_data" "a" {}
resource "terraform_data" "b" { input = terraform_data.a.id }
resource "terraform_data" "c" { input = { known = 1, late = terraform_data.a.id, list = ["x", terraform_data.a.id] } }
