resource "terraform_data" "x" {
  input = jsonencode({ inner = jsonencode({ a = 1 }) })
}
