resource "terraform_data" "x" {
  input = { p = sensitive("was-secret"), q = 1 }
}
