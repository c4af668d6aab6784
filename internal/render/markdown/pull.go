package markdown

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// Left is a finding that a pull request leaves alone.
type Left struct {
	Finding
	Why string
}

// Pull returns the body of a pull request that the program opens, of at most
// o.Budget bytes: what it is for, in plain words, the findings that it settles
// and those that it leaves to people, with the reasons.
func Pull(what string, done []Finding, left []Left, o render.Options) string {
	budget := o.Budget
	if budget == 0 {
		budget = newsBudget
	}
	for names := maxPull; ; names /= 2 {
		text := what + "\n\n" + list(done, names, nil)
		if len(left) > 0 {
			text += "\nLeft to you, " + render.Count(len(left), "finding", "findings") + ":\n\n" + leftOver(left, names)
		}
		if len(text) <= budget || names == 0 {
			return text
		}
	}
}

// maxPull is how many findings of each kind a pull request names.
const maxPull = 200

func leftOver(left []Left, names int) string {
	var b strings.Builder
	for i, l := range left {
		if i == names {
			b.WriteString("- and " + render.Number(len(left)-names) + " more\n")
			break
		}
		b.WriteString("- ")
		if l.Workspace != "" {
			b.WriteString("**" + codeSpan(render.Short(l.Workspace, maxNewsName)) + "** ")
		}
		b.WriteString(codeSpan(render.Short(l.Name, maxNewsName)) + ": " + prose(l.Why, codeSpan) + "\n")
	}
	return b.String()
}

// Proof tells in one item of a list what a plan with the files of s, a
// suggestion for a whole workspace, came to.
func Proof(s *model.Suggestion) string {
	said := map[string]string{"no_changes": "proven by a plan: ", "changes": "a plan would still change something: ", "failed": "no plan could be made: "}
	return "- **" + codeSpan(render.Short(s.Workspace, maxNewsName)) + "** " + said[s.Verified] + prose(s.Why, codeSpan) + "\n"
}
