resource "terraform_data" "x" {
  input = { "odd key" = 2, "a.b" = { "c[0]" = 2 }, "日本" = 2, "x-y" = 2, "quote\"d" = 2 }
}
