resource "terraform_data" "x" {
  input = { a = 1 }
}
resource "terraform_data" "y" {
  input = 1
}
