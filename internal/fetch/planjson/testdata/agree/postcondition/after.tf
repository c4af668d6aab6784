resource "terraform_data" "x" {
  input = 2
  lifecycle {
    postcondition {
      condition     = self.input == 2
      error_message = "It is not two."
    }
  }
}
