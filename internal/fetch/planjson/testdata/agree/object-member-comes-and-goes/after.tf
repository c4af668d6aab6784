resource "terraform_data" "x" {
  input = { keep = 1, new = { x = 1, y = [1] } }
}
