package details

import (
	"regexp"
	"strings"
)

// spreads reports whether a text must be withheld wherever else it stands, too,
// and not only left out in its place.
func (f finding) spreads() bool {
	if strings.HasPrefix(f.text, "arn:") || strings.Trim(f.text, "*") == "" { // asterisks already stand for a secret
		return false
	}
	if !f.strict && region.MatchString(f.text) {
		return false // of a map that is marked as a whole, or a setting
	}
	return f.marked || looksSecret(f.text)
}

// region is a region or a zone of AWS or of Google Cloud. Its form is closed:
// passphrases and names of things, too, have hyphens and end in a digit.
var region = regexp.MustCompile(`^(` +
	`(af|ap|ca|cn|eu|eusc-de|il|me|mx|sa|us|us-gov|us-iso[bf]?|eu-isoe)-` + direction + `-[0-9][a-z]?|` +
	`(africa|asia|australia|europe|me|northamerica|southamerica|us)-` + direction + `[0-9]{1,2}(-[a-z])?)$`)

const direction = `(north|south|east|west|central|northeast|northwest|southeast|southwest)`

// From these lengths on a text may be a secret: as any mixture of characters,
// and as letters or digits alone.
const (
	minMixed = 8
	minAlone = 20
)

// looksSecret reports whether a text could be one that somebody made up or drew,
// and is no word that also stands elsewhere and means no harm: REQUIRED,
// community, frontend-app. What is only called as a secret often is such a
// word, and to withhold it everywhere would blank out half of a report.
func looksSecret(s string) bool {
	if len(s) < minMixed || isIdentifier(s) {
		return false
	}
	var lower, upper, digit, other bool
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z':
			lower = true
		case 'A' <= r && r <= 'Z':
			upper = true
		case '0' <= r && r <= '9':
			digit = true
		default:
			other = true
		}
	}
	mixed := digit && (lower || upper || other) || other && (lower || upper)
	return mixed || len(s) >= minAlone
}

// identifier is a name of words of letters, each in one case or capitalised:
// case that changes within is what drawn texts have.
var identifier = regexp.MustCompile(`^([a-z]+|[A-Z]+|[A-Z][a-z]+)([_-]([a-z]+|[A-Z]+|[A-Z][a-z]+))*$`)

// isIdentifier reports whether s is such a name. No single word is as long as
// what is drawn from letters alone.
func isIdentifier(s string) bool {
	return identifier.MatchString(s) && (len(s) < minAlone || strings.ContainsAny(s, "_-"))
}

// isColumn reports whether s can be the name of a column: keys of accounts, which
// are called primary_key too, are drawn from more characters than these.
func isColumn(s string) bool {
	return strings.Trim(s, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
