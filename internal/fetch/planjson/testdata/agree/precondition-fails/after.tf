resource "terraform_data" "x" {
  input = 2
  lifecycle {
    precondition {
      condition     = terraform_data.y.input == 1
      error_message = "It never is."
    }
  }
}
resource "terraform_data" "y" {
  input = 2
}
