package propose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"pgregory.net/rapid"
)

// TestTry: a part of a file becomes what it becomes in the whole file, with the
// same patch, and the folder holds what parsing it again gives.
func TestTry(t *testing.T) {
	pieces := []string{"\n", "\n\n", " # c\n", "# c\n", "/* c\n\n*/\n", "locals {\n  l = 1 # c\n  long = var.v # d\n}", "resource \"x_y\" \"r\" {\n  a = <<-EOT\n    a\n\n  EOT\n}",
		"resource \"x_y\" \"s\" {\n  a = [\n\n    local.l,\n  ]\n\n  b {\n    c = 1\n  }\n}\n", "variable \"v\" {}\n\n", "resource \"x_y\" \"t\" { a = var.v } # e\n\n", "module \"m\" {\n  source = \"./m\"\n}\n\n", "variable \"w\" {}", "locals {\n  f = g(<<EOT\n${h([\nEOT\n  )\n}\n"}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 25).Draw(rt, "pieces"), rapid.SampledFrom([]string{"", "\n"}).Draw(rt, "between"))
		if rapid.Bool().Draw(rt, "canonical") {
			text = string(hclwrite.Format([]byte(text)))
		}
		if rapid.IntRange(0, 9).Draw(rt, "crlf") == 0 {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		files := map[string][]byte{"main.tf": []byte(text)}
		tree := NewTree(files)
		f := tree.folder(".")
		if f == nil || len(tree.sources["main.tf"].body.Blocks) == 0 {
			return
		}
		src := tree.sources["main.tf"]
		b := rapid.SampledFrom(src.body.Blocks).Draw(rt, "block")
		var edits []edit
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			edits = []edit{src.cut(b.Range())}
		case 1:
			edits = src.addArgument(b, "added", "[1, local.l, var.v]")
		case 2:
			edits = src.addBlock(b, nil, "lifecycle {\n  x = 1\n}", "x")
		case 3: // what is between it and the next
			end := len(text)
			for _, next := range src.body.Blocks {
				if at := next.TypeRange.Start.Byte; at > b.Range().Start.Byte {
					end = min(end, at)
				}
			}
			edits = []edit{{"main.tf", b.Range().End.Byte, end, " # joined\n", "join"}}
		default:
			for name, attr := range b.Body.Attributes {
				r := attr.Expr.Range()
				edits = append(edits, edit{"main.tf", r.Start.Byte, r.End.Byte, "2 # new", "set " + name})
			}
		}
		want, ok := tree.edited(edits)
		next, rewrites, isSound := tree.try(edits)
		whole, wholeIsSound := tree.with(want)
		if !ok || isSound != wholeIsSound {
			rt.Fatalf("%v in %q: %t, %t, %t", edits, text, ok, isSound, wholeIsSound)
		}
		if !isSound {
			return
		}
		if len(rewrites) != len(want) {
			rt.Fatalf("%v in %q: %v, want %q", edits, text, rewrites, want)
		}
		if len(want) == 0 {
			return
		}
		r := rewrites[0]
		if got := text[:r.from] + string(r.text) + text[r.to:]; got != string(want["main.tf"]) {
			rt.Fatalf("%v in %q [%d:%d]: got %q, want %q", edits, text, r.from, r.to, got, want)
		}
		if got, want := tree.patch(rewrites), udiff.Unified("a/main.tf", "b/main.tf", text, string(want["main.tf"])); got != want {
			rt.Fatalf("got %s\nwant %s", got, want)
		}
		if got, want := contents(next.folder(".")), contents(whole.folder(".")); !slices.Equal(got, want) {
			rt.Fatalf("%v in %q: got %q, want %q", edits, text, got, want)
		}
	})
}

// TestTryPart: what blank lines set off is tried alone.
func TestTryPart(t *testing.T) {
	tree := NewTree(map[string][]byte{"main.tf": []byte("variable \"v\" {}\n\nvariable \"w\" {}\n\nvariable \"x\" {}\n")})
	tree.folder(".") // reads it
	src := tree.sources["main.tf"]
	next, rewrites, isSound := tree.try(src.addArgument(src.body.Blocks[1], "default", "1"))
	if !isSound || len(rewrites) != 1 || rewrites[0].from != 17 || rewrites[0].to != 34 || next.replaced == nil {
		t.Errorf("%t %+v", isSound, rewrites)
	}
}

// contents tells all that a folder holds.
func contents(f *folder) []string {
	if f == nil {
		f = newFolder()
	}
	var out []string
	for what, of := range map[string]named[placed]{"resource": f.resources, "module": f.modules, "variable": f.variables} {
		of.all(func(list []placed) {
			for _, p := range list {
				r := p.block.Range()
				out = append(out, fmt.Sprintf("%s %s %s", what, p.name(), p.src.text[r.Start.Byte:r.End.Byte]))
			}
		})
	}
	f.locals.all(func(list []local) {
		for _, l := range list {
			out = append(out, "local "+string(l.src.text[l.attr.SrcRange.Start.Byte:l.attr.SrcRange.End.Byte]))
		}
	})
	f.uses.all(func(list []use) {
		for _, u := range list {
			r := u.traversal.SourceRange()
			out = append(out, fmt.Sprintf("use %s %s", u.name, u.src.text[r.Start.Byte:r.End.Byte]))
		}
	})
	slices.Sort(out)
	return out
}
