resource "terraform_data" "x" {
  input = toset(["c", "b", "z"])
}
