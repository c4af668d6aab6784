resource "terraform_data" "x" {
  input = 1
  triggers_replace = 2
  lifecycle { prevent_destroy = true }
}
resource "terraform_data" "y" {
  input = 2
}
