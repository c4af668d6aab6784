module "m" {
  source = "./mod"
  v      = 1
}
