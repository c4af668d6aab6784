resource "terraform_data" "x" {
  input = { v = { now = "object" }, k = 1 }
}
