package secret

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slowly finds what finder.spans does, form by form and byte by byte.
func slowly(secrets map[string]struct{}, text string) []span {
	covered := make([]bool, len(text))
	views(text, func(v view) {
		for s := range secrets {
			for _, f := range forms(s) {
				for i := range len(v.text) {
					if strings.HasPrefix(v.text[i:], f.text) {
						sp := v.original(f.widen(span{i, i + len(f.text)}, v.text))
						for at := range sp.to - sp.from {
							covered[sp.from+at] = true
						}
					}
				}
			}
		}
	})
	var out []span
	for i, is := range covered {
		switch {
		case !is:
		case i > 0 && covered[i-1]:
			out[len(out)-1].to++
		default:
			out = append(out, span{i, i + 1})
		}
	}
	return out
}

// TestSpans compares with a search that has no index, on secrets that begin
// alike, overlap and hold each other, and are the base64 form of each other.
func TestSpans(t *testing.T) {
	seen := map[string]bool{} // what the texts that were drawn have shown
	rapid.Check(t, func(t *rapid.T) {
		repeated := rapid.Custom(func(t *rapid.T) string {
			part := rapid.SampledFrom([]string{"a", "ab", "aab", "YWFh", "JiYm", "&", "a%", "\\x61", "ü"}).Draw(t, "part")
			return strings.Repeat(part, rapid.IntRange(1, 12).Draw(t, "times"))
		})
		word := rapid.OneOf(repeated, rapid.StringMatching(`[ab]{4,20}`), rapid.StringMatching(`[Ya]{1,6}[ab+&/]{0,9}`))
		joined := rapid.Map(rapid.SliceOfN(word, 1, 4), func(parts []string) string { return strings.Join(parts, "") })
		secrets := map[string]struct{}{}
		drawn := rapid.SliceOfN(joined, 1, 12).Draw(t, "secrets")
		var pieces []string // of what the text is made
		for _, v := range drawn {
			if len(v) < minWhole || len(v) < minInside && rapid.IntRange(0, 9).Draw(t, "no token") > 0 {
				continue
			}
			secrets[v] = struct{}{}
			for n := 1; rapid.Bool().Draw(t, "longer"); n++ {
				longer := v + strings.Repeat("a", n)
				secrets[longer] = struct{}{}
				pieces = append(pieces, longer)
			}
			pieces = append(pieces, v)
			for _, f := range forms(v) {
				pieces = append(pieces, f.text, f.text[:len(f.text)-1])
				if rapid.IntRange(0, 3).Draw(t, "encoded") == 0 {
					encoded := f.text + rapid.SampledFrom([]string{"", "h", "hY", "hYWF"}).Draw(t, "more")
					secrets[encoded] = struct{}{}
					pieces = append(pieces, encoded)
				}
			}
		}
		piece := rapid.OneOf(joined, rapid.SampledFrom(append(pieces, "%2B", "&amp;", "\\u0061", "=", " ")))
		text := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		got, want := newFinder(secrets).spans(text), slowly(secrets, text)
		if !slices.Equal(got, want) {
			t.Fatalf("%q in %q: got %v, want %v", secrets, text, got, want)
		}
		seen[fmt.Sprintf("%d spans", min(len(want), 2))] = true
	})
	if len(seen) < 3 {
		t.Errorf("only texts with %v", seen)
	}
}

// TestWidestOfNested: of two patterns, one of which begins with the other, what
// either covers is withheld.
func TestWidestOfNested(t *testing.T) {
	for _, secret := range []string{"abcdefgh", "abcdefghi", "abcdefghij"} {
		for _, f := range forms(secret) {
			for _, more := range []string{"A", "AB", "ABC", "ABCD"} {
				secrets := map[string]struct{}{secret: {}, f.text + more: {}}
				text := "QRST" + f.text + more + "UVWX"
				want := span{4 - int(f.before), len(text) - 4}
				want.to = max(want.to, 4+len(f.text)+int(f.after))
				if got := newFinder(secrets).spans(text); !slices.Equal(got, []span{want}) || !slices.Equal(got, slowly(secrets, text)) {
					t.Errorf("%q in %q: got %v, want %v", f.text+more, text, got, want)
				}
			}
		}
	}
}

// TestJoinBackwards: what is found last may reach back over what was found
// before.
func TestJoinBackwards(t *testing.T) {
	encoded := forms("abcdefgh")[3] // of which three characters before it are a part
	if encoded.before != maxWiden {
		t.Fatal(encoded)
	}
	secrets := map[string]struct{}{"abcdefgh": {}, "01234567": {}, "S" + encoded.text[:7]: {}}
	text := "01234567" + "QRS" + encoded.text
	if got, want := newFinder(secrets).spans(text), []span{{0, len(text)}}; !slices.Equal(got, want) || !slices.Equal(got, slowly(secrets, text)) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// nested are n secrets each of which begins with all shorter ones.
func nested(n int) *Set {
	s := &Set{}
	for i := range n {
		s.Add(strings.Repeat("a", minInside+i))
	}
	return s
}

// TestMemoryOfManyMatches: what is found at every byte of a text takes no
// memory until it is joined.
func TestMemoryOfManyMatches(t *testing.T) {
	const size = 100_000
	s, text := nested(200), strings.Repeat("a", size)
	s.Text("x") // makes the finder
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := s.Text(text)
	runtime.ReadMemStats(&after)
	if got != Withheld {
		t.Fatalf("%d bytes are left", len(got))
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 10*size {
		t.Errorf("a text of %d bytes takes %d", size, n)
	}
}

// TestTimeOfMany: sixteen times as many secrets that begin alike take nowhere
// near sixteen times as long to look for.
func TestTimeOfMany(t *testing.T) {
	connections := func(n int) *Set {
		s := &Set{}
		for i := range n {
			s.Add(fmt.Sprintf("https://user%d:pw%d@db.internal/x", i, i))
		}
		return s
	}
	for _, tc := range []struct {
		name string
		of   func(n int) *Set
		n    int
		text string
	}{
		{"same beginning", connections, 500, strings.Repeat("https://example.com/page/1 ", 4000)},
		{"nested", nested, 60, strings.Repeat(strings.Repeat("a", 40)+"b", 1000)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			few, many := tc.of(tc.n), tc.of(16*tc.n)
			timed := func(s *Set) time.Duration {
				start := time.Now()
				s.Text(tc.text)
				return time.Since(start)
			}
			timed(few) // makes the finder, as the next does
			timed(many)
			a, b := time.Hour, time.Hour
			for range 7 {
				a, b = min(a, timed(few)), min(b, timed(many))
			}
			if b > 6*a {
				t.Errorf("%d take %v, %d take %v", tc.n, a, 16*tc.n, b)
			}
		})
	}
}
