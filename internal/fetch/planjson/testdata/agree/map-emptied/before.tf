resource "terraform_data" "x" {
  input = { m = tomap({ a = "1" }), k = 1 }
}
