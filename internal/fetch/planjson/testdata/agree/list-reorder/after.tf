resource "terraform_data" "x" {
  input = ["c", "a", "b"]
}
