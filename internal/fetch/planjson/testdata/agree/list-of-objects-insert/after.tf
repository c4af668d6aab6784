resource "terraform_data" "x" {
  input = [{ port = 22, cidr = "c" }, { port = 80, cidr = "a" }, { port = 443, cidr = "b" }]
}
