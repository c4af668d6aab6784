resource "terraform_data" "x" {
  input = { m = tomap({}), k = 2 }
}
