resource "terraform_data" "x" {
  input = { keep = 1, old = { x = 1, y = [1] } }
}
