resource "terraform_data" "x" {
  input = { text = "a", n = 1, yes = true, list = [1, 2], map = { k = "v" }, none = null }
}
