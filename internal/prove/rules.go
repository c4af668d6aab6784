package prove

import (
	"regexp"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// remedy is what is to be done about an error.
type remedy int

const (
	unclear  remedy = iota // drop the argument where one is told, else see what Terraform would write, else leave the resource out
	drop                   // the argument may not stand there
	conflict               // of several arguments one has to go
	require                // an argument is missing
	unlink                 // what is referred to can't be referred to
	takeOut                // nothing in the configuration would help
)

// rule says what an error is about. The words are those of Terraform's core
// and of its two provider libraries (terraform-plugin-sdk, terraform-plugin-framework);
// where neither summary nor detail fits a rule, the remedy is unclear.
type rule struct {
	summary  *regexp.Regexp
	argument *regexp.Regexp // finds the name of the argument in the detail; nil where only the line tells
	remedy   remedy
}

func summary(words string) *regexp.Regexp { return regexp.MustCompile(`(?i)^(` + words + `)`) }

var quoted = regexp.MustCompile(`"([A-Za-z_][\w-]*)"`)

var rules = []rule{
	{summary(`Unsupported argument|Unsupported block type`), quoted, drop},
	{summary(`Value for unconfigurable attribute`), quoted, drop},
	{summary(`Invalid Configuration for Read-Only Attribute`), nil, drop},
	{summary(`Invalid or unknown key|Computed attributes? cannot be set`), quoted, drop},
	{summary(`Conflicting configuration arguments|ConflictsWith`), quoted, conflict},
	{summary(`Invalid combination of arguments|Invalid Attribute Combination`), nil, conflict},
	{summary(`Incorrect attribute value type`), quoted, unclear},
	{summary(`Missing required argument`), quoted, require},
	{summary(`Missing Configuration for Required Attribute`), regexp.MustCompile(`value for the ([\w-]+) attribute`), require},
	{summary(`Missing required block|Insufficient \S+ blocks`), quoted, unclear},
	{summary(`Cannot import non-existent remote object`), nil, takeOut},
	{summary(`Resource Import Not Implemented|Import not supported`), nil, takeOut},
	{summary(`resource \S+ doesn't support import`), nil, takeOut},
	{summary(`Invalid resource name|Invalid resource type|Invalid import address`), nil, takeOut},
	{summary(`Duplicate resource|Duplicate import|Configuration for import target|Resource already managed`), nil, takeOut},
	{summary(`Invalid import id|Unexpected import identifier|Invalid identity|Import block target does not exist`), nil, takeOut},
	{summary(`Provider configuration not present|Invalid provider`), nil, takeOut},
	{summary(`Reference to undeclared|Self-referential|Cycle|Invalid reference|Unsupported attribute`), nil, unlink},
}

// ruleFor returns the rule that an error falls under.
func ruleFor(d model.Diagnostic) rule {
	for _, r := range rules {
		if r.summary.MatchString(d.Summary) {
			return r
		}
	}
	return rule{}
}

// argumentOf returns the name of the argument that an error's words tell.
func argumentOf(d model.Diagnostic) string {
	if r := ruleFor(d); r.argument != nil {
		if m := r.argument.FindStringSubmatch(d.Detail); m != nil {
			return m[1]
		}
	}
	return ""
}

// maxWords is how long an error may be where it is told again, in bytes.
const maxWords = 500

// words is an error in Terraform's own words, in one line.
func words(d model.Diagnostic) string {
	text := strings.TrimSuffix(d.Summary, ".")
	if d.Detail != "" {
		text += ": " + d.Detail
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "") + "…"
	}
	return text
}
