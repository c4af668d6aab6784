resource "terraform_data" "x" {
  input = 1
}
output "new" { value = { a = 1 } }
