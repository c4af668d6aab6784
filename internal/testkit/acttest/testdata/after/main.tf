variable "password" {
  type      = string
  default   = "new-battery-staple"
  sensitive = true
}

resource "terraform_data" "created" {
  input = "new"
}

resource "terraform_data" "updated" {
  input = { size = "large" }
}

resource "terraform_data" "replaced" {
  triggers_replace = "b"
}

moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}

resource "terraform_data" "new_name" {
  input = "moved"
}

removed {
  from = terraform_data.forgotten
  lifecycle {
    destroy = false
  }
}

import {
  to = terraform_data.imported
  id = "shell-1"
}

resource "terraform_data" "imported" {}

resource "terraform_data" "login" {
  input = var.password
}

check "health" {
  assert {
    condition     = terraform_data.new_name.input == "healthy"
    error_message = "The new name is not healthy."
  }
}

output "size" {
  value = terraform_data.updated.input.size
}
