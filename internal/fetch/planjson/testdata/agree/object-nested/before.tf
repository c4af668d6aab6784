resource "terraform_data" "x" {
  input = { a = { b = { c = 1, d = "same" }, e = [1] }, f = "same" }
}
