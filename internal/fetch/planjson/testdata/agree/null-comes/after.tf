resource "terraform_data" "x" {
  input = { a = null, b = "x" }
}
