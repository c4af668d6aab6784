resource "terraform_data" "x" {
  input = { a = false, b = false }
}
