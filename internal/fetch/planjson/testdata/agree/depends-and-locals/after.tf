locals { names = { for n in ["a", "b", "c"] : n => upper(n) } }
resource "terraform_data" "x" {
  for_each   = local.names
  input      = { name = each.value, index = index(keys(local.names), each.key) }
  depends_on = [terraform_data.first]
}
resource "terraform_data" "first" { input = "2" }
