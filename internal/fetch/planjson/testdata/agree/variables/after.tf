variable "v" { type = object({ a = optional(string, "d"), b = list(number) }) }
resource "terraform_data" "x" {
  input = var.v
}
