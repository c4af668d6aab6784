module "m" {
  source = "./mod"
  v      = 2
}
