resource "terraform_data" "path" { input = "elsewhere" }
data "terraform_remote_state" "r" {
  backend = "local"
  config  = { path = terraform_data.path.id }
}
