module "old" {
  source = "./mod"
  v      = 1
}
