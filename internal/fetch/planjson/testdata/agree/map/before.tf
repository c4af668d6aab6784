resource "terraform_data" "x" {
  input = tomap({ a = "1", b = "2", "with space" = "x", "a.b" = "y" })
}
