resource "terraform_data" "x" {
  input = "y"
  triggers_replace = { v = 2, same = 1 }
}
