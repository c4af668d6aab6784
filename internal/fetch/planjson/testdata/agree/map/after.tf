resource "terraform_data" "x" {
  input = tomap({ a = "1", c = "3", "with space" = "z", "a.b" = "w" })
}
