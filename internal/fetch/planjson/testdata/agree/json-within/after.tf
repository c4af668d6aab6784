resource "terraform_data" "x" {
  input = { policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["b"], Resource = "*" }] }), n = 1 }
}
