variable "secret" {
  default   = "the-new-secret"
  sensitive = true
}
resource "terraform_data" "x" {
  input = ["a", var.secret]
}
