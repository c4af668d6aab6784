resource "terraform_data" "x" {
  input = { l = ["a"], m = ["b"] }
}
