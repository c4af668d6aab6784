variable "v" {}
module "inner" {
  source = "../mod"
  v      = var.v
}
