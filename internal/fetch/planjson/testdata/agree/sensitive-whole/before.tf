variable "secret" {
  default   = "the-old-secret"
  sensitive = true
}
resource "terraform_data" "x" {
  input = var.secret
}
