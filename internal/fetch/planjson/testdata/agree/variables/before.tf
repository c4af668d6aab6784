variable "v" { default = { b = [1] } }
resource "terraform_data" "x" {
  input = var.v
}
