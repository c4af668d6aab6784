resource "terraform_data" "x" {
  input = { l = [], m = ["b", "c"] }
}
