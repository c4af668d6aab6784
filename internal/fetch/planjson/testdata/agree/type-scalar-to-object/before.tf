resource "terraform_data" "x" {
  input = { v = "scalar", k = 1 }
}
