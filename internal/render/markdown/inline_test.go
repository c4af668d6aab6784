package markdown

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/render"
)

// spansOf parses doc and returns what its code spans say, and its other text.
func spansOf(doc string) (code []string, rest string) {
	source := []byte(doc)
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan:
			var b strings.Builder
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				b.Write(c.(*ast.Text).Value(source))
			}
			code = append(code, b.String())
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			rest += string(n.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return code, rest
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("`|\\ a*_<>[]()!#@&;\n\u202e")), 1, 12, -1))
}

// TestCodeSpanSaysWhatItHolds: a code span reads as the text, made visible.
func TestCodeSpanSaysWhatItHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		if s == "" {
			return
		}
		code, rest := spansOf("x " + codeSpan(s) + " y")
		if len(code) != 1 || code[0] != render.Visible(s) || strings.ReplaceAll(rest, " ", "") != "xy" {
			t.Fatalf("%q reads as %q and %q", s, code, rest)
		}
	})
}

// TestCodeCellStaysInItsCell: so it does in a table, backslashes before pipes aside.
func TestCodeCellStaysInItsCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		if s == "" {
			return
		}
		code, rest := spansOf("| a | b |\n|---|---|\n| " + codeCell(s) + " | y |\n")
		want := strings.ReplaceAll(render.Visible(s), `\|`, `\u{5C}|`)
		if len(code) != 1 || code[0] != want || rest != "aby" {
			t.Fatalf("%q reads as %q and %q", s, code, rest)
		}
	})
}

func TestProse(t *testing.T) {
	for in, want := range map[string]string{
		"an attribute can't be changed in-place":  "an attribute can't be changed in-place",
		"see @alice, and #1; fixes GH-1":          "see `@alice`, and `#1`; fixes `GH-1`",
		"status (404) after 30m: 12 of 3.":        "status (404) after 30m: 12 of `3`.",
		"open https://x.example now":              "open `https://x.example` now",
		"commit 4f2c9b1 and deadbeef, or defaced": "commit `4f2c9b1` and `deadbeef`, or `defaced`",
		"# heading\n\n- item":                     "`#` heading `-` item",
		"１２ 日本語 é":                                "`１２` 日本語 é",
		"a\u202eb `x` <b>":                        "`a\\u{202E}b` `x` `<b>`",
		"set `a.b` from `true` to `false`; then":  "set `a.b` from `true` to `false`; then",
		"`x` and `@alice":                         "`` `x` `` and `` `@alice ``",
		"`x[\"a b\"]`, `y``z`, `` and a`@alice`b": "`x[\"a b\"]`, `y` `z`, and a `@alice` b",
		"":                      "",
		"-- '' (' a--b -a a- ’": "`-- ''` (`' a--b -a a- ’`",
		"first 1) second":       "first `1`) second",
		"off (--computed-drift), or not (see a_b.)":        "off (`--computed-drift`), or not (see `a_b`.)",
		"workspace acme/app: 127.0.0.1:38729 answered 500": "workspace `acme/app`: `127.0.0.1:38729` answered 500",
		"call f(x), (f(x)): and (a_b c_d) (e_f g)":         "call `f(x)`, (`f(x)`): and (`a_b c_d`) (`e_f` g)",
		"under ./... of a::b:: and (x).y, !! ):":           "under `./...` of `a::b::` and `(x).y`, `!! ):`",
		"![x](http://y), [x]: z [x](@alice).":              "`![x](http://y)`, `[x]`: z `[x](@alice)`.",
		"see `live/main.tf:15`: it is `a`":                 "see `live/main.tf:15`: it is `a`",
		"the role arn:aws:iam::1:role/x is public":         "the role `arn:aws:iam::1:role/x` is public",
	} {
		if got := prose(in, codeSpan); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestProseHidesNothing: outside of code there are ordinary words and
// punctuation only, whatever the sentence, and no word of it is lost.
func TestProseHidesNothing(t *testing.T) {
	word := rapid.OneOf(anyText(), rapid.StringOfN(rapid.SampledFrom([]rune("a1@#/(),.;:!?[]`-")), 1, 8, -1), rapid.SampledFrom([]string{"is", "(@alice),", "#1:", "1)", "x"}))
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(word, 1, 8).Draw(t, "words"), " ")
		code, rest := spansOf("x " + prose(in, codeSpan) + " y")
		for _, w := range strings.Fields(rest) {
			if !isOrdinary(w) && strings.Trim(w, "().,;:!?") != "" {
				t.Fatalf("%q shows %q", in, w)
			}
		}
		said := strings.Join(code, "") + rest
		for _, r := range render.Visible(strings.Join(strings.Fields(in), " ")) {
			if r != ' ' && r != '`' && !strings.ContainsRune(said, r) {
				t.Fatalf("%q lost %q: %q, %q", in, r, code, rest)
			}
		}
	})
}

func TestLinked(t *testing.T) {
	for url, want := range map[string]string{
		"https://x.example/a":        "[x](https://x.example/a)",
		"":                           "x",
		"javascript:alert(1)":        "x",
		"https://u@x.example/":       "x",
		"//x.example":                "x",
		"https://x.example/a) [b](c": "[x](https://x.example/a%29%20%5Bb%5D%28c)",
	} {
		if got := linked("x", url); got != want {
			t.Errorf("%q: %s", url, got)
		}
	}
}
