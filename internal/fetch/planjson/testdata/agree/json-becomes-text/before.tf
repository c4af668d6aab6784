resource "terraform_data" "x" {
  input = jsonencode({ a = 1 })
}
