package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// maxTold is how many problems are told at once.
const maxTold = 5

// problems collects what is wrong, so that a person can mend it in one go.
type problems []*userfault.Error

func (p *problems) add(hint, format string, args ...any) {
	*p = append(*p, userfault.Usage(hint, format, args...))
}

// err returns nil when there is no problem, the problem when there is one, and
// otherwise one error that tells the first few in one line.
func (p problems) err() error {
	switch len(p) {
	case 0:
		return nil
	case 1:
		return p[0]
	}
	var told []string
	for _, one := range p[:min(len(p), maxTold)] {
		text := one.Error()
		if one.Hint != "" {
			text += " (" + one.Hint + ")"
		}
		told = append(told, text)
	}
	if rest := len(p) - maxTold; rest > 0 {
		told = append(told, fmt.Sprintf("and %d more", rest))
	}
	return userfault.Usage("", "%s", strings.Join(told, "; "))
}

// withhold takes tokens out of an error: one pasted into the wrong setting
// would otherwise be quoted as its bad value.
func withhold(err error, secrets *secret.Set) error {
	var fault *userfault.Error
	if !errors.As(err, &fault) {
		return err
	}
	return userfault.Usage(secrets.Text(fault.Hint), "%s", secrets.Text(fault.Error()))
}

// nearest returns the name that is most like given, or "" when none is like it:
// a name that begins like it (organization for org), or one that is few
// changes of a letter away, the fewer the shorter it is.
func nearest(given string, names []string) string {
	given = strings.ToLower(strings.ReplaceAll(given, "_", "-"))
	best, least := "", 1+min(max(1, (len(given)+2)/3), 3)
	for _, name := range names {
		d := levenshtein.Distance(given, name, nil)
		if len(given) >= 3 && (strings.HasPrefix(name, given) || len(name) >= 3 && strings.HasPrefix(given, name)) {
			d = min(d, 1)
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// tokenHint says where a token belongs, should name look like that of one.
func tokenHint(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "_", "-"))
	if !strings.Contains(name, "token") && !strings.Contains(name, "secret") && !strings.Contains(name, "password") {
		return ""
	}
	if strings.Contains(name, "github") || strings.HasPrefix(name, "gh-") {
		return "tokens are read from the environment only: set GITHUB_TOKEN"
	}
	return "tokens are read from the environment only: set TFE_TOKEN, TF_TOKEN_<host> or GITHUB_TOKEN"
}
