resource "terraform_data" "x" {
  input = { p = "was-secret", q = 2 }
}
