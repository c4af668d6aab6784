resource "terraform_data" "new" {}
resource "terraform_data" "x" {
  input = terraform_data.new.id
}
