module "new" {
  source = "./mod"
  v      = 1
}
moved {
  from = module.old
  to   = module.new
}
