resource "terraform_data" "x" {
  input = { a = 2 }
  lifecycle { ignore_changes = [input] }
}
resource "terraform_data" "y" {
  input = 2
}
