resource "terraform_data" "x" {
  input = { small = 2, exact = 12345678901234567891, frac = 0.25 }
}
