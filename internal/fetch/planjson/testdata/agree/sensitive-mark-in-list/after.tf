resource "terraform_data" "x" {
  input = { l = ["a", sensitive("b"), { c = sensitive("d"), e = 1 }] }
}
