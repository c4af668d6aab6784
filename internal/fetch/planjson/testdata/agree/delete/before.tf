resource "terraform_data" "x" {
  input = { a = 1, deep = { b = [true, false] }, e = {} }
}
