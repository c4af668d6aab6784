resource "terraform_data" "x" {
  input = <<-EOT
    one
    2
    three
    four
  EOT
}
