resource "terraform_data" "x" {
  input = "p\u0430ypal"
}
