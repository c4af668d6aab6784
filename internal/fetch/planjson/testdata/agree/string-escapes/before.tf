resource "terraform_data" "x" {
  input = "tab\t quote\" back\\ dollar$$${x} nl"
}
