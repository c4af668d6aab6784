resource "terraform_data" "x" {
  input = { script = "a\nc\n", list = ["x\nw\n", "z"] }
}
