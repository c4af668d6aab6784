resource "terraform_data" "x" {
  input = ["a", "x", "b", "c", "d"]
}
