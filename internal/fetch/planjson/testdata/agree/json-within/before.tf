resource "terraform_data" "x" {
  input = { policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["a"], Resource = "*" }] }), n = 1 }
}
