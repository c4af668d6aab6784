variable "secret" {
  default   = "the-secret"
  sensitive = true
}
resource "terraform_data" "new" {
  input = { p = var.secret, q = 1 }
}
