resource "terraform_data" "x" {
  input = 2
}
check "health" {
  assert {
    condition     = terraform_data.x.input == 1
    error_message = "It is not one."
  }
}
