resource "terraform_data" "x" {
  for_each = toset(["a", "b"])
  input    = "same"
}
moved {
  from = terraform_data.x[0]
  to   = terraform_data.x["a"]
}
