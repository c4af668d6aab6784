resource "terraform_data" "x" {
  input = { a = true, b = false }
}
