resource "terraform_data" "x" {
  input = "x"
  triggers_replace = ["one", "three"]
}
