resource "terraform_data" "x" {
  input = ["a", "c", "d"]
}
