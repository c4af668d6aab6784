resource "terraform_data" "x" {
  input = [1, 22, 3, 4]
}
