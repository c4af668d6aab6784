variable "secret" {
  default   = "the-old-secret"
  sensitive = true
}
resource "terraform_data" "x" {
  input = { password = var.secret, plain = 1 }
}
