// Package tfc is an in-memory Terraform Cloud: organisations, workspaces, runs
// and everything that hangs on a run, served over the same JSON:API as the real
// one, so that `strandline demo` and the tests need neither an account nor a
// network.
//
// Before it come tests and the demo, which fill it through Go ([Server.Org],
// [Org.Workspace], [Workspace.Run]) or through the API itself (upload a
// configuration version, create a run). After it come the clients under test,
// which must not be able to tell the difference: what it answers follows
// HashiCorp's OpenAPI description and API documentation
// (https://developer.hashicorp.com/terraform/cloud-docs/api-docs), never what
// our own client happens to need. For the same reason it imports nothing of
// ours.
//
// With a terraform binary ([Options.Terraform]) it makes plans by really running
// it; without one it serves the plans that the test brought along.
package tfc
