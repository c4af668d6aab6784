module "m" {
  source = "./mod"
  v      = each.value
  for_each = { x = 1, "y z" = 3 }
}
