package tfc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// The severities of diagnostics.
const (
	severityError   = "error"
	severityWarning = "warning"
)

// maxDiagnostics bounds how many are kept; the rest of so many says nothing new.
const maxDiagnostics = 500

// parseLog finds the diagnostics in a plan's log. It holds JSON lines, where
// the workspace has structured run output, or what Terraform prints for
// people, or the first after a few lines of the second.
func parseLog(log []byte) []model.Diagnostic {
	// Terraform Cloud frames a finished log in STX and ETX.
	log = bytes.Trim(log, "\x02\x03")
	var structured, plain []model.Diagnostic
	var p textParser
	for line := range bytes.Lines(log) {
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte("{")) {
			if d, ok := parseLine(line); ok && len(structured) < maxDiagnostics {
				structured = append(structured, d)
			}
			continue
		}
		p.line(string(line))
	}
	plain = p.end()
	if len(structured) > 0 {
		return structured
	}
	return plain
}

// parseLine reads one line of Terraform's machine-readable output.
// https://developer.hashicorp.com/terraform/internals/machine-readable-ui#diagnostic
func parseLine(line []byte) (model.Diagnostic, bool) {
	var l struct {
		Type       string `json:"type"`
		Diagnostic struct {
			Severity string `json:"severity"`
			Summary  string `json:"summary"`
			Detail   string `json:"detail"`
			Address  string `json:"address"`
			Range    *struct {
				Filename string `json:"filename"`
				Start    struct {
					Line int `json:"line"`
				} `json:"start"`
			} `json:"range"`
			Snippet *struct {
				Code      string `json:"code"`
				StartLine int    `json:"start_line"`
			} `json:"snippet"`
		} `json:"diagnostic"`
	}
	if json.Unmarshal(line, &l) != nil || l.Type != "diagnostic" || l.Diagnostic.Summary == "" {
		return model.Diagnostic{}, false
	}
	d := model.Diagnostic{
		Severity: cmp.Or(l.Diagnostic.Severity, severityError),
		Summary:  l.Diagnostic.Summary, Detail: l.Diagnostic.Detail, Address: l.Diagnostic.Address,
	}
	if r := l.Diagnostic.Range; r != nil {
		d.File, d.Line = r.Filename, r.Start.Line
	}
	if s := l.Diagnostic.Snippet; s != nil {
		d.Snippet = s.Code
	}
	return d, true
}

var (
	ansiRE = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")
	headRE = regexp.MustCompile(`^(Error|Warning): (.+)$`)
	withRE = regexp.MustCompile(`^  with (\S.*),$`)
	onRE   = regexp.MustCompile(`^  on (\S.*?) line (\d+)(?:, in .*)?:?$`)
	codeRE = regexp.MustCompile(`^ {2,}\d+: ?(.*)$`)
)

// textParser reads the diagnostics that Terraform prints for people: since
// 0.15 in a box drawn at the left,
//
//	╷
//	│ Error: Unsupported argument
//	│
//	│   on main.tf line 3, in resource "null_resource" "a":
//	│    3:   colour = "red"
//	│
//	│ An argument named "colour" is not expected here.
//	╵
//
// before that the same without the box.
type textParser struct {
	out    []model.Diagnostic
	cur    *model.Diagnostic
	boxed  bool
	where  bool // still among the lines that say where, which precede the detail
	detail []string
}

func (p *textParser) line(line string) {
	line = strings.TrimRight(ansiRE.ReplaceAllString(line, ""), " \t")
	switch {
	case strings.HasPrefix(line, "╷"):
		p.flush()
		p.boxed = true
		return
	case strings.HasPrefix(line, "╵"):
		p.flush()
		p.boxed = false
		return
	case strings.HasPrefix(line, "│"):
		p.boxed = true
		line = strings.TrimPrefix(strings.TrimPrefix(line, "│"), " ")
	case p.boxed:
		// Something else printed across the box: not a part of it.
		return
	}
	if m := headRE.FindStringSubmatch(line); m != nil && (p.cur == nil || !p.boxed) {
		p.flush()
		if len(p.out) < maxDiagnostics {
			p.cur, p.where = &model.Diagnostic{Severity: strings.ToLower(m[1]), Summary: m[2]}, true
		}
		return
	}
	if p.cur != nil {
		p.body(line)
	}
}

// body takes a line below the summary.
func (p *textParser) body(line string) {
	if p.where {
		if m := withRE.FindStringSubmatch(line); m != nil {
			p.cur.Address = m[1]
			return
		}
		if m := onRE.FindStringSubmatch(line); m != nil {
			p.cur.File = m[1]
			p.cur.Line, _ = strconv.Atoi(m[2]) // digits, by the pattern; 0 where absurdly many
			return
		}
		if m := codeRE.FindStringSubmatch(line); m != nil && p.cur.File != "" {
			p.cur.Snippet = strings.TrimPrefix(p.cur.Snippet+"\n"+m[1], "\n")
			return
		}
		if inner := strings.TrimLeft(line, " "); strings.HasPrefix(inner, "├") || strings.HasPrefix(inner, "│") {
			return // the values of what the code refers to: they may be secrets
		}
		if line == "" {
			return
		}
		p.where = false
	}
	if last := len(p.detail) - 1; !p.boxed && (strings.HasPrefix(line, "----") || line == "" && last >= 0 && p.detail[last] == "") {
		p.flush() // without a box nothing else tells where it ends
		return
	}
	p.detail = append(p.detail, line)
}

func (p *textParser) flush() {
	if p.cur != nil {
		p.cur.Detail = strings.TrimSpace(strings.Join(p.detail, "\n"))
		p.out = append(p.out, *p.cur)
	}
	p.cur, p.detail, p.where = nil, nil, false
}

func (p *textParser) end() []model.Diagnostic {
	p.flush()
	return p.out
}
