resource "terraform_data" "x" {
  input = ["a", 2, true, { x = 2 }]
}
