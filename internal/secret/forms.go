package secret

import (
	"encoding/base64"
	"strings"
)

// form is a spelling of a secret to look for: the secret itself, or the part of
// its base64 form that does not depend on what stands around it.
type form struct {
	text string
	// before and after are how many characters of the same base64 text, next
	// to text, hold bits of the secret too.
	before, after uint8
}

// maxWiden is the most that before and after can be.
const maxWiden = 3

// forms returns what of v is looked for. Escaped spellings are not among them:
// the text is read through its escapes instead (see view).
func forms(v string) []form {
	out := []form{{text: v}}
	for shift := range 3 {
		// Within a longer text v begins at one of three places in a group of
		// three bytes, which become four characters. A character that has bits of
		// v's neighbours too isn't known.
		padded := strings.Repeat("\x00", shift) + v
		whole := len(padded) / 3 * 3
		f := form{}
		if shift > 0 {
			f.before = uint8(shift + 1)
		}
		if rest := len(padded) - whole; rest > 0 {
			f.after = uint8(rest + 1)
		}
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			f.text = enc.EncodeToString([]byte(padded[:whole]))[f.before:]
			if len(f.text) >= minInside && f.text != out[len(out)-1].text {
				out = append(out, f)
			}
		}
	}
	return out
}

// widen makes sp, where f was found in text, cover all that holds bits of the
// secret, and the padding.
func (f *form) widen(sp span, text string) span {
	for n := f.before; n > 0 && sp.from > 0 && isBase64(text[sp.from-1]); n-- {
		sp.from--
	}
	for n := f.after; n > 0 && sp.to < len(text) && isBase64(text[sp.to]); n-- {
		sp.to++
	}
	return sp
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("+/-_=", c) >= 0
}
