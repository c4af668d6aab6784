package secret

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func seal(t testing.TB, text string, tokens ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := Seal(&b, tokens)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(sealed []byte, tokens ...string) (string, error) {
	r, err := Open(bytes.NewReader(sealed), tokens)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), err
}

func TestSeal(t *testing.T) {
	text := strings.Repeat("correct-horse ", 20_000) // several of age's chunks
	sealed := seal(t, text, "token-a", "token-b")
	for _, tokens := range [][]string{{"token-a"}, {"token-b"}, {"token-c", "token-b"}} {
		if got, err := open(sealed, tokens...); err != nil || got != text {
			t.Errorf("%v: %d bytes, %v", tokens, len(got), err)
		}
	}
	for _, tokens := range [][]string{nil, {""}, {"token-c"}, {"token-", "oken-a"}} {
		if _, err := open(sealed, tokens...); !errors.Is(err, ErrOtherToken) {
			t.Errorf("%v: %v", tokens, err)
		}
	}
	for _, clear := range []string{"correct", "horse", "token-a", "token-b"} {
		if bytes.Contains(sealed, []byte(clear)) {
			t.Errorf("holds %q in clear", clear)
		}
	}
	if bytes.Equal(sealed, seal(t, text, "token-a", "token-b")) {
		t.Error("sealing twice gives the same bytes")
	}
	for name, broken := range map[string][]byte{
		"cut":           sealed[:len(sealed)-1],
		"cut at chunk":  sealed[:len(sealed)/2],
		"only a header": sealed[:bytes.Index(sealed, []byte("\n---"))],
		"empty":         nil,
		"longer":        append(bytes.Clone(sealed), 0),
	} {
		if _, err := open(broken, "token-a"); err == nil {
			t.Errorf("%s: opens", name)
		}
	}
}

func TestSealNeedsTokens(t *testing.T) {
	for _, tokens := range [][]string{nil, {""}, {"token-a", ""}} {
		if _, err := Seal(io.Discard, tokens); err == nil {
			t.Errorf("%q: sealed", tokens)
		}
	}
}

// TestSealNoticesChanges turns one bit anywhere.
func TestSealNoticesChanges(t *testing.T) {
	sealed := seal(t, "correct-horse", "token-a")
	rapid.Check(t, func(t *rapid.T) {
		broken := bytes.Clone(sealed)
		broken[rapid.IntRange(0, len(broken)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if got, err := open(broken, "token-a"); err == nil {
			t.Fatalf("opens: %q", got)
		}
	})
}

func TestMarked(t *testing.T) {
	s := &Set{}
	s.AddToken("token-a")
	s.Add("true", "abc", "")
	if s.Marked() {
		t.Error("by a token or a trivial value")
	}
	if s.Add("pa55"); !s.Marked() {
		t.Error("not by a value")
	}
}

// TestContents: a set that was handed on withholds just what the first did.
func TestContents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"true", "toke", "hunter2", "correct-horse", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8",
			"-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END KEY-----"}))
		values, tokens := rapid.SliceOf(text).Draw(t, "values"), rapid.SliceOf(text).Draw(t, "tokens")
		first, second := &Set{}, &Set{}
		first.Add(values...)
		first.AddToken(tokens...)
		second.Join(first)
		if first.Marked() != second.Marked() {
			t.Fatalf("marked: %t and %t", first.Marked(), second.Marked())
		}
		for _, v := range append(append(values, tokens...), "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", text.Draw(t, "other")) {
			for _, in := range []string{v, "x" + v + "y"} {
				if a, b := first.Text(in), second.Text(in); a != b {
					t.Fatalf("%q: %q and %q", in, a, b)
				}
			}
		}
	})
}
