resource "terraform_data" "x" {}
check "health" {
  assert {
    condition     = terraform_data.x.id == "1"
    error_message = "It is not one."
  }
}
