package sarif

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// result is one finding, §3.27.
type result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      message           `json:"message"`
	Locations    []location        `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	ViewerURI    string            `json:"hostedViewerUri,omitempty"` // the workspace's run
}

type (
	location struct {
		Physical *physicalLocation `json:"physicalLocation,omitempty"`
		Logical  []logicalLocation `json:"logicalLocations"`
	}
	physicalLocation struct {
		Artifact artifactLocation `json:"artifactLocation"`
		Region   region           `json:"region"`
	}
	artifactLocation struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId"`
	}
	region struct {
		StartLine int `json:"startLine"`
	}
	logicalLocation struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// finding is what a result is made of.
type finding struct {
	rule    string
	level   string // "": the rule's
	address string // "": it is about the workspace as a whole
	object  bool   // address is an object's type and id, which no file has
	file    string // where Terraform said it is; "": where the address stands
	line    int
	text    render.Text
	also    []string // what tells it from others of the same rule and address
}

// add makes a result of a finding in a workspace.
func (c *collector) add(w *model.Workspace, f finding) {
	at := slices.IndexFunc(c.rules, func(r rule) bool { return r.ID == f.rule })
	level := f.level
	if level == "" {
		level = c.rules[at].Default.Level
	}
	c.results = append(c.results, result{
		RuleID: f.rule, RuleIndex: at, Level: level,
		Message:      message{Text: flat(f.text)},
		Locations:    []location{c.location(w, f)},
		Fingerprints: map[string]string{"strandline/v1": fingerprint(append([]string{f.rule, w.Organization, w.Name, f.address}, f.also...))},
		ViewerURI:    render.SafeURL(w.RunURL),
	})
}

// location is where a finding stands: in a file where that is known, and always
// by name.
func (c *collector) location(w *model.Workspace, f finding) location {
	l := location{Logical: []logicalLocation{{render.Visible(f.address), "resource"}}}
	if f.address == "" {
		l.Logical[0] = logicalLocation{render.Visible(strings.TrimPrefix(w.Organization+"/"+w.Name, "/")), "workspace"}
	}
	if f.object {
		l.Logical[0].Kind = "object"
		return l
	}
	if c.locate == nil {
		return l
	}
	file, line, ok := "", f.line, false
	if f.file != "" && f.line > 0 {
		file, ok = c.locate.File(f.file)
	}
	if !ok && f.address != "" {
		file, line, ok = c.locate.Locate(f.address)
	}
	if ok {
		l.Physical = &physicalLocation{artifactLocation{(&url.URL{Path: file}).String(), "%SRCROOT%"}, region{line}}
	}
	return l
}

// fingerprint names a finding the same in every run, wherever its lines move to.
func fingerprint(parts []string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// flat is a text as a plain text message, inert: §3.11.6 makes links of
// brackets and §3.11.5 placeholders of braces, unless they are escaped.
func flat(t render.Text) string {
	var b strings.Builder
	for _, s := range t {
		text := s.Text
		if s.Style == render.Words {
			text = strings.Join(strings.Fields(text), " ")
		}
		b.WriteString(render.Visible(text))
	}
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `{{`, `}`, `}}`).Replace(b.String())
}

func plain(s string) render.Span { return render.Span{Style: render.Plain, Text: s} }
func code(s string) render.Span  { return render.Span{Style: render.Code, Text: s} }

// said is a text from outside in one line of a bearable length.
func said(s string) render.Span {
	return render.Span{Style: render.Words, Text: render.Short(strings.Join(strings.Fields(s), " "), maxSaid)}
}

// maxSaid is how much of a message from outside stands in a result, in
// characters. GitHub shows 1000 of a message.
const maxSaid = 600
