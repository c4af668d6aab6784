resource "terraform_data" "x" {
  input = <<-EOT
    one
    two
    three
  EOT
}
