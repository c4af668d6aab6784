output "same" { value = 1 }
output "changed" { value = { a = 1, l = ["x", "y"], same = 1 } }
output "gone" { value = { x = [1] } }
output "secret" {
  value     = "one"
  sensitive = true
}
output "text" { value = "a\nb\n" }
