resource "terraform_data" "x" {
  input = { script = "a\nb\n", list = ["x\ny\n", "z"] }
}
