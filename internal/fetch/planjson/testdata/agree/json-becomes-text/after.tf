resource "terraform_data" "x" {
  input = "not json"
}
