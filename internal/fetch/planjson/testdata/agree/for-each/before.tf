resource "terraform_data" "x" {
  for_each = { a = 1, "b c" = 2, old = 0 }
  input    = each.value
}
