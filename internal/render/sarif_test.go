package render_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/sarif"
)

// everywhere finds every address in a file, whatever it is.
type everywhere struct{}

func (everywhere) Locate(string) (string, int, bool) { return "main.tf", 1, true }
func (everywhere) File(name string) (string, bool)   { return name, true }

func TestSARIFIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport().Draw(t, "report")
		for _, locate := range []sarif.Locator{nil, everywhere{}} {
			var b bytes.Buffer
			if err := sarif.Write(&b, r, locate); err != nil {
				t.Fatal(err)
			}
			var doc any
			if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			if why := inertJSON(doc, "", r); why != "" {
				t.Fatalf("%s\n%s", why, b.String())
			}
		}
	})
}

// acting is what SARIF viewers act on in a message, once what is escaped has
// been taken out.
var acting = regexp.MustCompile(`[\[\]{}]`)

// inertJSON returns why a value of the document is not only text, or "".
func inertJSON(v any, key string, r *model.Report) string {
	why := ""
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			why += inertJSON(x, k, r)
		}
	case []any:
		for _, x := range v {
			why += inertJSON(x, key, r)
		}
	case string:
		switch rest := strings.NewReplacer(`\\`, "", `\[`, "", `\]`, "", "{{", "", "}}", "").Replace(v); {
		case hasHidden(v):
			return "hidden characters in " + key
		case key == "text" && acting.MatchString(rest):
			return "a link or placeholder in " + v
		case key == "hostedViewerUri" && render.SafeURL(v) != v:
			return "a link to " + v
		case key == "markdown" && strings.ContainsAny(v, "[]<>@#`"):
			return "markdown: " + v
		}
	}
	return why
}
