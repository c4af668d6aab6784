resource "terraform_data" "x" {
  count = 2
  input = count.index == 0 ? "changed" : "same"
}
