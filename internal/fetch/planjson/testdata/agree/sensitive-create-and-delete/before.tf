variable "secret" {
  default   = "the-secret"
  sensitive = true
}
resource "terraform_data" "old" {
  input = { p = var.secret, q = 1 }
}
