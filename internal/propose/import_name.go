package propose

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"

	"github.com/strandline-tf/strandline/internal/model"
)

// longest is how long a name may become, in bytes.
const longest = 48

// nameChoice are the names that an object may have, the one that a person would
// choose first.
type nameChoice struct {
	short string // without what goes without saying
	full  string // all of what the object is called
	only  string // full, and a digest of the id: nothing else in its place has it
	place string // full, and a digest of the id and the place: nothing else has it
}

var (
	account   = regexp.MustCompile(`^[0-9]{12}$`)
	regionRun = regexp.MustCompile(`(?:^|_)(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:_gov|_iso[a-z]?)?_(?:central|north|south|east|west|northeast|northwest|southeast|southwest)_?[0-9](?:_|$)`)
	uuid      = regexp.MustCompile(`(?:^|_)[0-9a-f]{8}(?:_[0-9a-f]{4}){3}_[0-9a-f]{12}(?:_|$)`)
	machine   = regexp.MustCompile(`^(?:[0-9]{8,}|[0-9a-f]{8,})$`)
)

// nameOf finds names for an object by what it tells of itself, and by nothing
// else, so that they are the same in every run.
func nameOf(o *model.Object) nameChoice {
	said, called := calledBy(o)
	ofType := strings.Split(o.Type, "_")
	full := asciiWords(said)
	text := "_" + strings.Join(asciiWords(called), "_") + "_"
	text = uuid.ReplaceAllString(text, "_")
	text = regionRun.ReplaceAllString(text, "_")
	if o.Region != "" {
		text = strings.ReplaceAll(text, "_"+strings.Join(asciiWords(o.Region), "_")+"_", "_")
	}
	var short []string
	for _, w := range strings.Split(strings.Trim(text, "_"), "_") {
		if w == "" || account.MatchString(w) || machine.MatchString(w) && strings.ContainsAny(w, "0123456789") {
			continue
		}
		short = append(short, w)
	}
	short = withoutType(short, ofType[1:])
	switch {
	case unmistakable.MatchString(called): // an id is all there is
		short = asciiWords(called)
	case len(short) == 0:
		short = full
	}
	last := ofType[len(ofType)-1]
	n := nameChoice{short: identifier(short, last), full: identifier(full, last)}
	identity := o.Identity
	if members := identityOf(o); members != nil {
		identity = jsonOf(cty.ObjectVal(members)) // in whatever order it was told
	}
	with := func(what string) string {
		digest := sha256.Sum256([]byte(what))
		return n.full[:min(len(n.full), longest-7)] + "_" + hex.EncodeToString(digest[:3])
	}
	what := o.Type + "\x00" + o.ID + "\x00" + string(identity)
	n.only, n.place = with(what), with(what+"\x00"+o.Account+"\x00"+o.Region)
	if len(full) == 0 {
		n.short, n.full = n.only, n.only // nothing but the digest tells it from others
	}
	return n
}

// withoutType takes off the ends of a name what only says of what type the
// object is.
func withoutType(name, ofType []string) []string {
	is := func(w string) bool {
		for _, t := range ofType {
			if w == t || w == t+"s" {
				return true
			}
		}
		return false
	}
	for len(name) > 1 && is(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	for len(name) > 1 && is(name[0]) && !startsWithDigit(name[1]) {
		name = name[1:]
	}
	return name
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// identifier joins words to the name of a resource.
func identifier(list []string, otherwise string) string {
	if len(list) == 0 {
		return otherwise
	}
	name := strings.Join(list, "_")
	if len(name) > longest {
		name = name[:longest]
		if end := strings.LastIndexByte(name, '_'); end > longest/2 {
			name = name[:end]
		}
		name = strings.TrimRight(name, "_")
	}
	if startsWithDigit(name) {
		name = otherwise + "_" + name
	}
	return name
}

// asciiWords takes a text apart into words of lower-case letters and digits,
// without accents. What has no such form is left out.
func asciiWords(s string) []string {
	if len(s) > 1000 {
		s = s[:1000]
	}
	var out []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	var before rune
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "-")) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r >= 'A' && r <= 'Z':
			if before >= 'a' && before <= 'z' {
				flush()
			}
			word.WriteRune(r - 'A' + 'a')
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			word.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			flush()
		}
		before = r
	}
	flush()
	return out
}
