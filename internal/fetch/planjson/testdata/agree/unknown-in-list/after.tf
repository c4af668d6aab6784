resource "terraform_data" "new" {}
resource "terraform_data" "x" {
  input = ["a", terraform_data.new.id, "c"]
}
