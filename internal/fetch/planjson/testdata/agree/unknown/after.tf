resource "terraform_data" "a" {
  input = 2
}
resource "terraform_data" "x" {
  input = { late = terraform_data.a.output, same = 1 }
}
