package planjson

import (
	"bytes"
	"strconv"
	"strings"
)

// begin looks at the first bytes of the input, passes over a byte order mark,
// and says what the input is where it can't be JSON.
func (s *scanner) begin() error {
	head, err := s.start(512)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return foreignInput("this is a binary plan file", "run `terraform show -json` on it")
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return foreignInput("this is compressed with gzip", "unpack it first")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}),
		len(head) > 1 && (head[0] == 0 || head[1] == 0):
		return foreignInput("this is UTF-16 text, as PowerShell's > writes it",
			"write it as UTF-8: in PowerShell, `terraform show -json FILE | Out-File -Encoding utf8 plan.json`")
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		s.pos = 3
		head = head[3:]
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		if ended, err := s.atEnd(); err != nil || !ended {
			return err
		}
		return &Error{Offset: s.offset(), Reason: "empty input", Hint: hintShow}
	case text[0] == '{':
		return nil
	case text[0] == '[':
		return foreignInput("this is a JSON array, not an object", hintShow)
	case isPlanText(text):
		return foreignInput("this is the plan as text", hintShow)
	}
	return foreignInput("this is not JSON", hintShow)
}

// isPlanText recognises how the text that `terraform plan` prints begins,
// with or without colours.
func isPlanText(text []byte) bool {
	for _, words := range []string{"\x1b[", "Terraform used the selected", "Terraform will perform", "No changes.",
		"OpenTofu used the selected", "OpenTofu will perform", "Note: Objects have changed", "Changes to Outputs",
		"Running plan in", "Plan: "} {
		if bytes.HasPrefix(text, []byte(words)) {
			return true
		}
	}
	return bytes.Contains(text, []byte("Refreshing state...")) || bytes.Contains(text, []byte("Reading..."))
}

// header is what the top level tells about the kind of document.
type header struct {
	format    string // format_version
	redacted  bool   // has plan_format_version: Terraform Cloud's redacted format
	planned   bool   // has a section that only a plan has
	changes   bool   // has resource_changes
	stateFile bool   // has what a state file has
	stateJSON bool   // has what `terraform show -json` of a state has
	logLine   bool   // has what a line of `terraform plan -json` has
}

// checkFormat refuses versions of a format that this package doesn't know:
// HashiCorp increments the major number for incompatible changes.
// https://developer.hashicorp.com/terraform/internals/json-format
func checkFormat(field, version string, offset int64) error {
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.ParseUint(major, 10, 16)
	if err != nil || n > 1 {
		return &Error{Offset: offset, Reason: "unknown " + field + " " + strconv.Quote(clip(version)),
			Detail: "0.1 to 1.x are known", Hint: "a newer Strandline may read it"}
	}
	return nil
}

// clip shortens a word of the input that an error quotes.
func clip(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// verdict returns why a whole, well-formed document is not a plan, or nil.
func (h *header) verdict() error {
	switch {
	case h.logLine:
		return foreignInput("this is the log of `terraform plan -json`", hintShow)
	case h.format == "" && h.stateFile:
		return foreignInput("this is a state file, not a plan", hintShow)
	case h.format == "" && !h.redacted:
		return foreignInput("it has no format_version", hintShow)
	case h.stateJSON && !h.planned:
		return foreignInput("this is a state in JSON, not a plan", hintShow)
	case !h.planned && !h.redacted:
		return foreignInput("it has none of a plan's sections", hintShow)
	}
	return nil
}
