variable "password" {
  type      = string
  default   = "old-battery-staple"
  sensitive = true
}

resource "terraform_data" "updated" {
  input = { size = "small" }
}

resource "terraform_data" "replaced" {
  triggers_replace = "a"
}

resource "terraform_data" "deleted" {
  input = "gone"
}

resource "terraform_data" "old_name" {
  input = "moved"
}

resource "terraform_data" "forgotten" {
  input = "lives on"
}

resource "terraform_data" "login" {
  input = var.password
}
