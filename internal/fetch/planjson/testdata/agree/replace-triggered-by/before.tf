resource "terraform_data" "t" {
  input = 1
}
resource "terraform_data" "x" {
  input = "x"
  lifecycle { replace_triggered_by = [terraform_data.t] }
}
