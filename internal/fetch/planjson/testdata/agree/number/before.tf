resource "terraform_data" "x" {
  input = { small = 1, exact = 12345678901234567890, frac = 0.1 }
}
