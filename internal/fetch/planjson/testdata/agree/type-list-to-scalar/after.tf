resource "terraform_data" "x" {
  input = { v = "a", k = 1 }
}
