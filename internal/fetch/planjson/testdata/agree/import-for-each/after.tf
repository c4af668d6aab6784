locals { ids = { a = "id-a", b = "id-b" } }
import {
  for_each = local.ids
  to       = terraform_data.x[each.key]
  id       = each.value
}
resource "terraform_data" "x" {
  for_each = local.ids
}
