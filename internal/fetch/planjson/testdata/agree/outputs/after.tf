output "same" { value = 1 }
output "changed" { value = { a = 2, l = ["x", "z"], same = 1 } }
output "new" { value = ["a", { b = 1 }] }
output "secret" {
  value     = "two"
  sensitive = true
}
output "text" { value = "a\nc\n" }
