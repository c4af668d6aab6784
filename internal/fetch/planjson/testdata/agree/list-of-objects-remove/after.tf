resource "terraform_data" "x" {
  input = { rules = [{ port = 443, cidr = "b" }] }
}
