resource "terraform_data" "x" {
  input = { p = sensitive("was-in-clear"), q = 2 }
}
