resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "x" {
  input = { late = terraform_data.a.output, same = 1 }
}
