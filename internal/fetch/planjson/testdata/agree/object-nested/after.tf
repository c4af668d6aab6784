resource "terraform_data" "x" {
  input = { a = { b = { c = 2, d = "same" }, e = [1, 2] }, f = "same" }
}
