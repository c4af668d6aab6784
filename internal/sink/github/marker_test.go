package github

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMarkerIsWhatOthersRely(t *testing.T) {
	m := marker{key: "plan", head: "4f2c0a", run: "1234.1", digest: "9b1e"}
	const want = "<!-- strandline key=plan head=4f2c0a run=1234.1 digest=9b1e -->"
	if m.String() != want {
		t.Errorf("marker %s, want %s", m, want)
	}
	if got, ok := parseMarker(want + "\r\n### Terraform plan"); !ok || got != m {
		t.Errorf("parsed %+v, %v; want %+v", got, ok, m)
	}
}

func TestMarkerReadsBackWhateverItHolds(t *testing.T) {
	any := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("-->< =%\n!é"))))
	rapid.Check(t, func(t *rapid.T) {
		m := marker{any.Draw(t, "key"), any.Draw(t, "head"), any.Draw(t, "run"), any.Draw(t, "digest")}
		s := m.String()
		inner := strings.TrimSuffix(strings.TrimPrefix(s, "<!--"), "-->")
		if strings.Contains(inner, "--") || strings.ContainsAny(inner, "<>\n\r") {
			t.Fatalf("%q ends early", s)
		}
		if got, ok := parseMarker(s + "\nbody"); !ok || got != m {
			t.Fatalf("%q reads back as %+v, %v; want %+v", s, got, ok, m)
		}
	})
}

func TestParseMarkerRefuses(t *testing.T) {
	for _, body := range []string{
		"",
		"<!-- strandline -->",
		"<!-- strandline head=a run=1.1 digest=x -->",
		" <!-- strandline key=plan -->",
		"look: <!-- strandline key=plan -->",
		"\n<!-- strandline key=plan -->",
		"<!-- strandline key=plan",
		"<!-- strandline key=plan --> and more",
		"<!-- strandline key=%zz -->",
		"> <!-- strandline key=plan -->",
		"<!-- strandlines key=plan -->",
	} {
		if m, ok := parseMarker(body); ok {
			t.Errorf("%q was taken for the marker %+v", body, m)
		}
	}
	if m, ok := parseMarker("<!-- strandline key=plan later=x -->"); !ok || m.key != "plan" {
		t.Error("a field that a later version adds was not passed over")
	}
}

func TestNewerRun(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"2.1", "1.1", true},
		{"1.1", "2.1", false},
		{"10.1", "9.1", true}, // numbers, not text
		{"1.10", "1.9", true},
		{"1.1", "1.1", false},
		{"2.1", "1.9", true},
		{"18446744073709551615.1", "9999999999.1", true},
		{"2", "1.5", true},
		{"1.1", "1", true},
		{"", "1.1", false},
		{"2.1", "", false},
		{"2.x", "1.1", false},
		{"x", "1.1", false},
	} {
		if got := newerRun(tt.a, tt.b); got != tt.want {
			t.Errorf("newerRun(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestRoom(t *testing.T) {
	c := Comment{Key: "plan", Head: strings.Repeat("a", 40), Run: "1.1", Digest: "d"}
	c.Body = strings.Repeat("x", c.Room())
	if got := len(*c.request().Body); got != MaxBody {
		t.Errorf("a full comment has %d bytes, want %d", got, MaxBody)
	}
}
