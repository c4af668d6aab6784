resource "terraform_data" "x" {
  input = toset([{ port = 1, to = "a" }, { port = 2, to = "b" }])
}
