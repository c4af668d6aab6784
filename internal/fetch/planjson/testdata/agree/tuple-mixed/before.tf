resource "terraform_data" "x" {
  input = ["a", 1, true, { x = 1 }]
}
