resource "terraform_data" "x" {
  input = "x"
  triggers_replace = 2
  lifecycle { create_before_destroy = true }
}
