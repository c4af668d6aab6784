resource "terraform_data" "x" {
  input = { a = [1] }
}
output "o" { value = terraform_data.x.input }
