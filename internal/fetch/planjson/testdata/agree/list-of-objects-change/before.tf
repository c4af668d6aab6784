resource "terraform_data" "x" {
  input = [{ port = 80, cidr = "a" }, { port = 443, cidr = "b" }]
}
