resource "terraform_data" "x" {
  input = "x"
  triggers_replace = { v = 1, same = 1 }
}
