package secret

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxEscapes is how many layers of escapes are read through: JSON in a JSON
// string in an HTML attribute has three.
const maxEscapes = 3

// view is a text as it reads through layers of escapes, and where in the
// original each of its bytes comes from.
type view struct {
	text string
	at   []int // by byte of text: offset in the original; one more for the end. nil: the original itself
}

// views calls look with text and with every reading of it through escapes that
// it has. Most texts have none.
func views(text string, look func(view)) {
	var visit func(view, int)
	visit = func(v view, depth int) {
		look(v)
		if depth == maxEscapes {
			return
		}
		for _, e := range escapes {
			if strings.IndexByte(v.text, e.mark) < 0 {
				continue
			}
			if inner, changed := v.through(e); changed {
				visit(inner, depth+1)
			}
		}
	}
	visit(view{text: text}, 0)
}

// escape is a way to spell characters; read returns what a text that begins
// with mark spells first, and how many bytes that takes, 0 for none.
type escape struct {
	mark byte
	read func(string) (out string, size int)
}

var escapes = []escape{{'\\', readJSON}, {'&', readHTML}, {'%', readPercent}, {'+', readPlus}}

// through reads v through one layer of e.
func (v view) through(e escape) (view, bool) {
	var b strings.Builder
	at := make([]int, 0, len(v.text)+1)
	changed := false
	for i := 0; i < len(v.text); {
		out, size := v.text[i:i+1], 1
		if v.text[i] == e.mark {
			if read, n := e.read(v.text[i:]); n > 0 {
				out, size, changed = read, n, true
			}
		}
		b.WriteString(out)
		for range len(out) {
			at = append(at, v.offset(i))
		}
		i += size
	}
	return view{b.String(), append(at, v.offset(len(v.text)))}, changed
}

func (v view) offset(i int) int {
	if v.at == nil {
		return i
	}
	return v.at[i]
}

// original returns which part of the original a part of v stands for. An
// escape that is in it by half is in it as a whole.
func (v view) original(sp span) span {
	end := sp.to
	for end < len(v.text) && v.offset(end) == v.offset(sp.to-1) {
		end++
	}
	return span{v.offset(sp.from), v.offset(end)}
}

// readJSON reads an escape of a JSON string, which are those of most languages.
func readJSON(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if i := strings.IndexByte(`"\/'bfnrt`, s[1]); i >= 0 {
		return "\"\\/'\b\f\n\r\t"[i : i+1], 2
	}
	r, ok := readUTF16(s)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(r) {
		low, ok := readUTF16(s[6:])
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return "", 0
		}
		return string(r), 12
	}
	return string(r), 6
}

func readUTF16(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// maxEntity is longer than any entity that spells a character of a secret.
const maxEntity = 12

func readHTML(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 0 {
		return "", 0
	}
	out := html.UnescapeString(s[:end+1])
	if out == s[:end+1] {
		return "", 0
	}
	return out, end + 1
}

func readPercent(s string) (string, int) {
	if len(s) < 3 {
		return "", 0
	}
	n, err := strconv.ParseUint(s[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(n)}), 3
}

// readPlus reads the plus sign as forms on the web mean it.
func readPlus(string) (string, int) { return " ", 1 }
