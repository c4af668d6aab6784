resource "terraform_data" "x" {
  input = toset([{ port = 2, to = "b" }, { port = 3, to = "c" }])
}
