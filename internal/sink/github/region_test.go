package github

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var ourStamp = stamp{key: "drift", run: "12.1", digest: "9b1e", title: titleSum("Drift"), assigned: []string{"alice", "bob-c"}}

const ourText = "### 2 drifted\n\n| a |\n|---|\n\nend"

func TestRegionReadsBack(t *testing.T) {
	body := region{}.compose(ourStamp, ourText)
	if !strings.HasPrefix(body, "<!-- strandline key=drift run=12.1 digest=9b1e title=") || !strings.Contains(body, "\n<!-- /strandline key=drift run=12.1 ") {
		t.Errorf("body %q", body)
	}
	for name, tt := range map[string]struct{ before, after string }{
		"alone":    {"", ""},
		"around":   {"Mine.\n\n", "\n\nMine, too.\n"},
		"same row": {"", " mine"},
		"a quote":  {"> <!-- strandline key=drift -->\n", "\n> quoted"},
	} {
		for _, crlf := range []bool{false, true} {
			full := tt.before + body + tt.after
			if crlf {
				full = strings.ReplaceAll(full, "\n", "\r\n")
			}
			r, ok := findRegion(full, "drift")
			if !ok || r.damaged != "" || !r.intact || r.text != ourText || fmt.Sprint(r.stamp) != fmt.Sprint(ourStamp) {
				t.Errorf("%s (CRLF %t): %v %+v", name, crlf, ok, r)
			}
			again := r.compose(ourStamp, "new")
			if withLF(again) != withLF(tt.before+region{}.compose(ourStamp, "new")+tt.after) || crlf && tt.after == "\n\nMine, too.\n" && !strings.Contains(again, "\r\n\r\nMine, too.\r\n") {
				t.Errorf("%s: new body %q", name, again)
			}
		}
		if _, ok := findRegion(tt.before+body, "other"); ok {
			t.Errorf("%s: another key's region was found", name)
		}
	}
}

func TestDamagedRegionIsRebuiltWithoutLoss(t *testing.T) {
	body := region{}.compose(ourStamp, ourText)
	lines := strings.Split(body, "\n")
	begin, end := lines[0], lines[len(lines)-1]
	for name, tt := range map[string]struct{ body, want string }{
		"end gone":            {"A\n" + strings.TrimSuffix(body, end) + "B", "A\n[new]\nB"},
		"begin gone":          {"A\n" + strings.TrimPrefix(body, begin+"\n") + "\nB", "A\n[new]\nB"},
		"end and a line gone": {"A\n" + begin + "\nrest\nB", "A\n[new]\nrest\nB"},
		"begin, a line gone":  {"A\nrest\n" + end + "\nB", "A\nrest\n[new]\nB"},
		"only the begin":      {begin, "[new]"},
		"twice":               {"A\n" + body + "\nB\n" + body + "\nC", "A\n[new]\nB\nC"},
		"twice, one edited":   {"A\n" + body + "\nB\n" + strings.Replace(body, "end", "mine", 1) + "\nC", "A\n[new]\nB\n" + strings.Replace(ourText, "end", "mine", 1) + "\nC"},
		"nested":              {begin + "\nA\n" + body + "\nB", "[new]\nB"},
		"edited":              {"A\n" + strings.Replace(body, "end", "END", 1) + "\nB", "A\n[new]\nB"},
		"emptied":             {begin + "\n" + end, "[new]"},
		"end before begin":    {end + "\nA\n" + begin + "\nB", "[new]\nA\nB"},
		"overlapping": {"<!-- strandline key=drift size=2 sum=" + sumOf("ab") + " -->\nab\n<!-- /strandline key=drift size=1 sum=" + sumOf("b") + " -->\nC",
			"[new]\nC"},
		"size of no number": {"<!-- strandline key=drift size=x sum=y -->\nA", "[new]\nA"},
	} {
		for _, crlf := range []bool{false, true} {
			full, want := tt.body, tt.want
			if crlf {
				full = strings.ReplaceAll(full, "\n", "\r\n")
			}
			r, ok := findRegion(full, "drift")
			if !ok || r.damaged == "" {
				t.Errorf("%s (CRLF %t): found %v, damaged %q", name, crlf, ok, r.damaged)
			}
			got := withLF(r.compose(ourStamp, "new"))
			want = strings.Replace(want, "[new]", region{}.compose(ourStamp, "new"), 1)
			if got != want {
				t.Errorf("%s (CRLF %t):\n%q\nwant\n%q", name, crlf, got, want)
			}
		}
	}
}

// What the report quotes can't end its region, nor begin another.
func TestRegionOfHostileText(t *testing.T) {
	other := region{}.compose(ourStamp, "other")
	part := rapid.SampledFrom([]string{"\n", "\n\n", "x", other, "<!-- strandline key=drift -->", "<!-- /strandline key=drift size=1 sum=a -->",
		"<!-- /strandline key=drift", "-->", "<!-- strandline key=drift run=99.1 digest=9b1e size=0 sum=e3b0c44298fc1c14 -->", "é", "\r\n"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(part).Draw(t, "text"), "")
		before := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "\n", "b\n", "\r\n"})).Draw(t, "before"), "")
		if before != "" {
			before += "\n"
		}
		body := region{before: before, after: "\nafter"}.compose(ourStamp, text)
		r, ok := findRegion(body, "drift")
		if !ok || r.damaged != "" || r.text != withLF(text) || r.before != before || r.after != "\nafter" || r.stamp.run != "12.1" {
			t.Fatalf("%q reads back as %+v", body, r)
		}
		begin, end := ourStamp.lines(text)
		for _, body := range []string{before + begin + "\n" + text + "\nafter", before + text + "\n" + end + "\nafter"} {
			r, ok := findRegion(body, "drift")
			if text == "" {
				continue // there is nothing to be found again
			}
			if !ok || r.damaged == "" || r.text != withLF(text) || r.before != before || r.after != "\nafter" {
				t.Fatalf("%q, of which one line is lost, reads back as %+v", body, r)
			}
		}
	})
}

// Whatever somebody does to the body, no line of theirs is lost, and writing
// again mends it.
func TestAnyBodyIsMended(t *testing.T) {
	quoting := ourText + "\n" + region{}.compose(stamp{key: "other"}, "x") + "\n" + region{}.compose(ourStamp, "y")
	rapid.Check(t, func(t *rapid.T) {
		body := region{}.compose(ourStamp, rapid.SampledFrom([]string{ourText, quoting}).Draw(t, "text"))
		lines := strings.Split(body, "\n")
		for i := range rapid.IntRange(0, 8).Draw(t, "edits") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				lines = append(lines[:at], lines[min(at+1, len(lines)-1):]...)
			case 1:
				lines = append(lines[:at:at], append([]string{lines[at]}, lines[at:]...)...)
			case 2:
				lines = append(lines[:at:at], append([]string{fmt.Sprint("human ", i)}, lines[at:]...)...)
			}
		}
		full := strings.Join(lines, rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline"))
		r, ok := findRegion(full, "drift")
		if !ok {
			return
		}
		again, ok := findRegion(r.compose(ourStamp, "new"), "drift")
		if !ok || again.damaged != "" || again.text != "new" {
			t.Fatalf("%q is not mended: %+v", full, again)
		}
		if r.damaged == "" && withLF(r.compose(r.stamp, r.text)) != withLF(full) {
			t.Fatalf("%q changes by itself", full)
		}
	})
}

func TestFrameLeavesRoom(t *testing.T) {
	r := region{before: "a\n", after: "\nb"}
	text := strings.Repeat("x", MaxBody-r.frame(ourStamp))
	if n := len(r.compose(ourStamp, text)); n > MaxBody || n < MaxBody-2 {
		t.Errorf("a full body has %d bytes, want %d", n, MaxBody)
	}
}
