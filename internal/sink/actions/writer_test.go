package actions_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/sink/actions"
)

// startsCommand reports whether the runner takes a line of text as a command,
// or for one with any name it might learn: see ActionCommand.cs in
// https://github.com/actions/runner.
func startsCommand(text string) bool {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		trimmed := strings.TrimLeftFunc(line, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
		if strings.HasPrefix(trimmed, "::") || strings.Contains(line, "##[") {
			return true
		}
	}
	return false
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"ordinary", "time=1 module::x a:: ##\n", "time=1 module::x a:: ##\n"},
		{"IPv6", "addr: ::1", "addr: ::1"},
		{"command", "::error::x", ": :error::x"},
		{"later line", "a\n::set-env name=x::y\nb", "a\n: :set-env name=x::y\nb"},
		{"carriage return", "a\r::error::x", "a\r: :error::x"},
		{"white space before", " \t\v::error::x", " \t\v: :error::x"},
		{"white space beyond ASCII", "\u00a0\u2003::error::x", "\u00a0\u2003: :error::x"},
		{"invisible before", "\u200d::error::x", "\u200d: :error::x"},
		{"many colons", "::::", ": :::"},
		{"old form", "a ##[error]x", "a ## [error]x"},
		{"old form, more hashes", "###[error]x", "### [error]x"},
		{"once a line", "::a::b ::c", ": :a::b ::c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if _, err := actions.NewLogWriter(&b).Write([]byte(tt.in)); err != nil || b.String() != tt.want {
				t.Errorf("%q is written as %q (%v), want %q", tt.in, b.String(), err, tt.want)
			}
		})
	}
}

func TestLogWriterLetsNoCommandThrough(t *testing.T) {
	piece := rapid.SampledFrom([]string{":", "::", "#", "##", "[", "]", "\n", "\r", " ", "\t", "\u00a0", "\u200d", "a", "error", "日本", "\x1b[0m"})
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := actions.NewLogWriter(&b)
		in := rapid.SliceOf(piece).Draw(t, "pieces")
		for _, p := range in { // in pieces, so that a command comes in parts
			if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		if startsCommand(b.String()) {
			t.Fatalf("%q became %q", strings.Join(in, ""), b.String())
		}
		drop := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if drop(b.String()) != drop(strings.Join(in, "")) {
			t.Fatalf("%q became %q: more than spaces added", strings.Join(in, ""), b.String())
		}
	})
}
