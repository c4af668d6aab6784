resource "terraform_data" "x" {
  input = { l = ["a", "b", { c = "d", e = 1 }] }
}
