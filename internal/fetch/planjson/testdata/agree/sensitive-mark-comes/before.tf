resource "terraform_data" "x" {
  input = { p = "was-in-clear", q = 1 }
}
