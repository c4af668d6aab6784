resource "terraform_data" "x" {
  input = 1
  triggers_replace = 1
  lifecycle { prevent_destroy = true }
}
resource "terraform_data" "y" {
  input = 1
}
