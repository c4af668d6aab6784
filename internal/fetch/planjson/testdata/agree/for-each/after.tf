resource "terraform_data" "x" {
  for_each = { a = 1, "b c" = 3, "d.e" = 4 }
  input    = each.value
}
