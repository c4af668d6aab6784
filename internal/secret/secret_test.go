package secret

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTextByLength(t *testing.T) {
	s := &Set{}
	s.Add("correct-horse", "pa55", "hunter2", "abc", "true", "8080", "")
	for _, tc := range []struct{ name, in, want string }{
		{"long, whole", "correct-horse", Withheld},
		{"long, inside", "x=correct-horse;", "x=" + Withheld + ";"},
		{"four bytes, whole", "pa55", Withheld},
		{"seven bytes, whole", "hunter2", Withheld},
		{"seven bytes, inside", "my hunter2 rifle", "my hunter2 rifle"},
		{"three bytes", "abc", "abc"},
		{"trivial word", "true", "true"},
		{"trivial number", "8080", "8080"},
		{"twice", "correct-horse correct-horse", Withheld + " " + Withheld},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := s.Text(tc.in); got != tc.want {
				t.Errorf("Text(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestTokensAreWithheldWhereverTheyOccur(t *testing.T) {
	s := &Set{}
	s.AddToken("true", "x", "")
	if got := s.Text("Bearer xtrue."); got != "Bearer x"+Withheld+"." {
		t.Errorf("got %q", got)
	}
}

func TestOverlappingSecretsLeaveNoTail(t *testing.T) {
	s := &Set{}
	s.Add("abcdefgh", "efghijkl", "abcdefghXYZ")
	for in, want := range map[string]string{
		"-abcdefghijkl-": "-" + Withheld + "-",
		"-abcdefghXYZ-":  "-" + Withheld + "-",
	} {
		if got := s.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNilAndEmpty(t *testing.T) {
	var s *Set
	if got := s.Text("as it is"); got != "as it is" || s.Whole("x") || !s.Empty() {
		t.Errorf("a nil set withholds %q", got)
	}
}

// A secret stays withheld in every form it may take, whatever stands around it.
func TestFormsAreWithheld(t *testing.T) {
	asJSON := func(v string) string { b, _ := json.Marshal(v); return string(b) }
	embed := map[string]func(before, v, after string) string{
		"plain": func(b, v, a string) string { return b + v + a },
		"json":  func(b, v, a string) string { return asJSON(b + v + a) },
		"json in json": func(b, v, a string) string {
			return asJSON(asJSON(b + v + a))
		},
		"json without html": func(b, v, a string) string {
			return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(asJSON(b + v + a))
		},
		"json in json in json": func(b, v, a string) string { return asJSON(asJSON(asJSON(b + v + a))) },
		"json in ascii": func(b, v, a string) string {
			var out strings.Builder
			for _, unit := range utf16.Encode([]rune(asJSON(b + v + a))) {
				if unit < utf8.RuneSelf {
					out.WriteByte(byte(unit))
				} else {
					fmt.Fprintf(&out, `\u%04X`, unit)
				}
			}
			return out.String()
		},
		"json with solidus": func(b, v, a string) string { return strings.ReplaceAll(asJSON(b+v+a), "/", `\/`) },
		"html of json":      func(b, v, a string) string { return html.EscapeString(asJSON(b + v + a)) },
		"html by name": func(b, v, a string) string {
			return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "'", "&#x27;").Replace(b + v + a)
		},
		"html":       func(b, v, a string) string { return html.EscapeString(b + v + a) },
		"query":      func(b, v, a string) string { return url.QueryEscape(b + v + a) },
		"base64":     func(b, v, a string) string { return base64.StdEncoding.EncodeToString([]byte(b + v + a)) },
		"base64 url": func(b, v, a string) string { return base64.RawURLEncoding.EncodeToString([]byte(b + v + a)) },
	}
	for name, wrap := range embed {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				v := rapid.StringMatching(`[a-zA-Z0-9"<&\\ /+\n'äö😀]{8,40}`).Draw(t, "secret")
				s := &Set{}
				s.Add(v)
				text := wrap(rapid.StringMatching(`[a-z ]{0,5}`).Draw(t, "before"), v, rapid.StringMatching(`[a-z ]{0,5}`).Draw(t, "after"))
				if got := s.Text(text); !strings.Contains(got, Withheld) || strings.Contains(got, v) {
					t.Fatalf("%q survives in %q as %q", v, text, got)
				}
			})
		})
	}
}

// Nothing of a secret survives beside the part of its base64 form that does
// not depend on its neighbours.
func TestBase64LeavesNoBits(t *testing.T) {
	s := &Set{}
	s.Add("abcdefgh")
	for _, plain := range []string{"abcdefgh", "xabcdefgh", "xyabcdefgh", "abcdefghx", "abcdefghxy", "xabcdefghxy", "1234:abcdefgh"} {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			got := s.Text(enc.EncodeToString([]byte(plain)))
			for _, part := range strings.Split(got, Withheld) {
				decoded, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(part, "=")[:len(strings.TrimRight(part, "="))/4*4])
				if strings.ContainsAny(string(decoded), "abcdefgh") || len(part) == len(got) {
					t.Errorf("%q: %q decodes to %q", plain, got, decoded)
				}
			}
		}
	}
}

func TestLinesOfAKey(t *testing.T) {
	s := &Set{}
	s.Add("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA7bq3\n#!/bin/sh\n-----END KEY-----\n")
	if got := s.Text("key: MIIEpAIBAAKCAQEA7bq3"); got != "key: "+Withheld {
		t.Errorf("got %q", got)
	}
	if got := s.Text("#!/bin/sh"); got != "#!/bin/sh" {
		t.Errorf("got %q", got)
	}
}

func TestWriterHoldsBackACutLine(t *testing.T) {
	s := &Set{}
	s.Add("correct-horse")
	var b strings.Builder
	w := NewWriter(&b, s)
	for _, part := range []string{"key=correct-", "horse\nmore corr", "ect-horse"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "key=" + Withheld + "\nmore " + Withheld; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestMasks(t *testing.T) {
	s := &Set{}
	s.Add("hunter2", "correct-horse")
	s.AddToken("toke")
	if got := strings.Join(s.Masks(), ","); got != "correct-horse,toke" {
		t.Errorf("Masks() = %s", got)
	}
}

// Finding is linear: many secrets over a long text.
func BenchmarkText(b *testing.B) {
	s := &Set{}
	for i := range 1000 {
		s.Add(strings.Repeat(string(rune('a'+i%26)), 3) + "-secret-" + base64.StdEncoding.EncodeToString([]byte{byte(i), byte(i >> 8)}))
	}
	text := strings.Repeat("arn:aws:iam::123456789012:role/some-role-name ", 2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Text(text)
	}
}
