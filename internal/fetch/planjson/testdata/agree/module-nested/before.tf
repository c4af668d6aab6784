module "outer" {
  source = "./outer"
  v      = { a = 1 }
}
