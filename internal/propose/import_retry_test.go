package propose

import (
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportRetries edits a resource without a schema as a proof does whose
// first repair was refused.
func TestImportRetries(t *testing.T) {
	const config = `resource "shore_instance" "x" {
  name = "server"
  list = [{ n = 1, part = [{ m = 2 }] }, { n = 2 }]
  only = { n = 3 }
  mix  = [{ n = 1 }, "x"]
  tags = { Owner = "hunter22", "a b" = "c" }
  disk {
    size = 1
    rule { n = 4 }
    sort = { n = 5 }
  }
  disk { size = 2 }
}`
	isSecret := func(s string) bool { return strings.Contains(s, "hunter22") || s == "2" }
	for _, tc := range []struct {
		name string
		do   func(b *Batch, at string) bool
		want string // "" where it can't be done
		gone string
	}{
		{"a list as blocks", func(b *Batch, at string) bool { return b.AsBlocks(at, "list") }, "list { n = 1 part { m = 2 } } list { n = 2 }", "list ="},
		{"an object as a block", func(b *Batch, at string) bool { return b.AsBlocks(at, "only") }, "only { n = 3 }", "only ="},
		{"within a block", func(b *Batch, at string) bool { return b.AsBlocks(at, "disk[0].sort") }, "sort { n = 5 }", "sort ="},
		{"not objects", func(b *Batch, at string) bool { return b.AsBlocks(at, "mix") }, "", ""},
		{"blocks as blocks", func(b *Batch, at string) bool { return b.AsBlocks(at, "disk") }, "", ""},
		{"nothing as blocks", func(b *Batch, at string) bool { return b.AsBlocks(at, "none") }, "", ""},
		{"a member as blocks", func(b *Batch, at string) bool { return b.AsBlocks(at, "only.n") }, "", ""},
		{"blocks as an argument", func(b *Batch, at string) bool { return b.AsArgument(at, "disk") }, "disk = [{ rule = [{ n = 4 }] size = 1", "disk {"},
		{"blocks in a block as an argument", func(b *Batch, at string) bool { return b.AsArgument(at, "disk[0].rule") }, "rule = [{ n = 4 }]", "rule {"},
		{"an argument as one", func(b *Batch, at string) bool { return b.AsArgument(at, "name") }, "", ""},
		{"one of several as an argument", func(b *Batch, at string) bool { return b.AsArgument(at, "disk[7].rule") }, "", ""},
		{"guess", func(b *Batch, at string) bool { return b.Guess(at, "title", "") }, `title = "web"`, ""},
		{"guess a number", func(b *Batch, at string) bool { return b.Guess(at, "name", "number") }, "name = 0", "server"},
		{"guess a map", func(b *Batch, at string) bool { return b.Guess(at, "labels", "map") }, "labels = {}", ""},
		{"guess within", func(b *Batch, at string) bool { return b.Guess(at, "disk[0].kind", "") }, "", ""},
		{"guess what is Terraform's", func(b *Batch, at string) bool { return b.Guess(at, "lifecycle", "") }, "", ""},
		{"withhold", func(b *Batch, at string) bool { return b.Withhold(at, "tags", false) }, "# tags is secret", "tags ="},
		{"withhold what is needed", func(b *Batch, at string) bool { return b.Withhold(at, "name", true) }, `name = "set-outside-terraform"`, "server"},
		{"withhold what is needed and no string", func(b *Batch, at string) bool { return b.Withhold(at, "tags", true) }, "ignore_changes = [tags]", "tags ="},
		{"withhold blocks", func(b *Batch, at string) bool { return b.Withhold(at, "disk", true) }, "ignore_changes = [disk]", "disk {"},
		{"withhold what is secret", func(b *Batch, at string) bool {
			for _, name := range b.Holding(at, isSecret) {
				b.Withhold(at, name, false)
			}
			return len(b.Holding(at, isSecret)) == 0
		}, "ignore_changes = [disk, list, tags]", "hunter22"},
		{"return", func(b *Batch, at string) bool {
			c := b.Configuration(at)
			b.IgnoreChanges(at, "name", "is so")
			b.Drop(at, "tags")
			b.Regenerate(at)
			return b.Return(at, c)
		}, "Owner", "ignore_changes"},
		{"begin what has begun", func(b *Batch, at string) bool { return b.Begin(at) }, "", ""},
		{"begin", func(b *Batch, at string) bool { return b.Regenerate(at) && b.Begin(at) }, `resource "shore_instance"`, "name"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			objects := unmanaged("shore_instance web")
			objects[0].Object.Config = config
			b := Imports(objects, ImportOptions{}).Batch("")
			at := b.Resources()[0].Address
			before := b.Blocks(at)
			done := tc.do(b, at)
			after := b.Blocks(at)
			flat := strings.Join(strings.Fields(after), " ")
			if _, diags := hclsyntax.ParseConfig([]byte(after), "", hcl.InitialPos); diags.HasErrors() {
				t.Errorf("%s\n%s", diags, after)
			}
			switch {
			case tc.want == "":
				if done || after != before {
					t.Errorf("done: %v\n%s", done, after)
				}
			case !done || !strings.Contains(flat, tc.want) || tc.gone != "" && strings.Contains(flat, tc.gone):
				t.Errorf("done: %v\n%s", done, after)
			}
		})
	}
}

// TestImportSecretIDs looks for secrets in all that an import block says.
func TestImportSecretIDs(t *testing.T) {
	isSecret := func(s string) bool { return strings.Contains(s, "hunter22") }
	for _, a := range []Adopted{{ImportID: "x/hunter22"}, {Address: "aws_x.hunter22"}, {Identity: model.Value(`{"a":["hunter22"]}`)}} {
		if !a.IsSecretID(isSecret) {
			t.Errorf("%+v", a)
		}
	}
	if a := (Adopted{ImportID: "x", Address: "aws_x.y", Identity: model.Value(`{"a":1}`)}); a.IsSecretID(isSecret) {
		t.Errorf("%+v", a)
	}
}

// TestImportByID gives identities up where ids are known.
func TestImportByID(t *testing.T) {
	objects := unmanaged("aws_x one", "aws_x two", "aws_x same", "aws_x same")
	for i := range objects {
		objects[i].Object.Identity = model.Value(`{"name":"some` + strconv.Itoa(i) + `"}`)
	}
	objects[1].Object.ID = ""
	a := Imports(objects, ImportOptions{Into: "core", Workspaces: []Target{{Name: "core", Terraform: "1.12.0"}}})
	b := a.Batch("core")
	if n := len(b.Resources()); n != 4 || !b.ByID() || b.ByID() {
		t.Error("not once:", n)
	}
	if len(b.Resources()) != 3 || len(a.Left) != 1 || a.Left[0].Why != "it is listed twice, and imported once" {
		t.Error(a.Left)
	}
	var ids, identities int
	for _, r := range b.Resources() {
		text := b.Blocks(r.Address)
		switch {
		case r.ImportID == "one" && strings.Contains(text, `id = "one"`) && !strings.Contains(text, "identity"):
			ids++
		case r.Identity != nil && strings.Contains(text, "identity"):
			identities++
		}
	}
	if ids != 1 || identities != 1 {
		t.Errorf("%+v", b.Resources())
	}
}
