resource "terraform_data" "x" {
  input = { "odd key" = 1, "a.b" = { "c[0]" = 1 }, "日本" = 1, "x-y" = 1, "quote\"d" = 1 }
}
