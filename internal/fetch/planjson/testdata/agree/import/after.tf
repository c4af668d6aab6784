import {
  to = terraform_data.x
  id = "an-id"
}
resource "terraform_data" "x" {}
