resource "terraform_data" "x" {
  input = ["a", "b", "c"]
}
