package markdown

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// Finding is one finding in a Transition.
type Finding struct {
	Workspace string // "" where it belongs to none
	Name      string // an address, output.NAME or TYPE.ID; "" where it isn't known any more
}

// Transition is what became of an issue's findings from one report to the next.
type Transition struct {
	Added    []Finding
	Resolved []Finding
	Carried  int // known before, and not looked for this time
}

// How much of a transition is named, and the size of a comment where the caller
// names none, in bytes.
const (
	maxNews    = 30
	newsBudget = 65000
)

// News returns the comment that tells an issue's readers of a transition, of at
// most o.Budget bytes: of new findings, mentioning the owners of their
// workspaces; or that all is clear, which it is where something was resolved and
// no finding is left. It returns "" where nobody has to be told.
func News(r *model.Report, t Transition, o render.Options) string {
	budget := o.Budget
	if budget == 0 {
		budget = newsBudget
	}
	for names := maxNews; names > 0; names /= 2 {
		text := ""
		switch {
		case len(t.Added) > 0:
			text = added(r, t, names)
		case len(t.Resolved) > 0 && t.Carried+render.Findings(r) == 0:
			text = allClear(r, t, names)
		}
		if len(text) <= budget {
			return text
		}
	}
	return ""
}

func added(r *model.Report, t Transition, names int) string {
	what := "New drift"
	if r.Kind != model.KindDrift {
		what = "New among unmanaged resources"
	}
	text := "**" + what + "**: " + render.Count(len(t.Added), "finding", "findings")
	if known := render.Findings(r) - len(t.Added); known > 0 {
		text += ", besides " + render.Number(known) + " known before"
	}
	if n := len(t.Resolved); n > 0 {
		text += "; " + render.Number(n) + " resolved"
	}
	return text + "\n\n" + list(t.Added, names, owners(r, t.Added))
}

func allClear(r *model.Report, t Transition, names int) string {
	what := "nothing drifts any more"
	if r.Kind != model.KindDrift {
		what = "all that is listed is in one state or ignored"
	}
	return "**All clear**: " + what + ". " + render.Count(len(t.Resolved), "finding was", "findings were") + " resolved:\n\n" + list(t.Resolved, names, nil)
}

// list names the first findings, each workspace in a line of its own.
func list(findings []Finding, names int, owners map[string][]string) string {
	var b strings.Builder
	shown := min(names, len(findings))
	for from := 0; from < shown; {
		to := from + 1
		for to < shown && findings[to].Workspace == findings[from].Workspace {
			to++
		}
		b.WriteString("- ")
		if w := findings[from].Workspace; w != "" {
			b.WriteString("**" + codeSpan(render.Short(w, maxNewsName)) + "**")
			for _, owner := range owners[w] {
				b.WriteString(" " + owner)
			}
			b.WriteString(": ")
		}
		for i := from; i < to; i++ {
			if i > from {
				b.WriteString(", ")
			}
			if findings[i].Name == "" {
				b.WriteString("one whose name is not known any more")
				continue
			}
			b.WriteString(codeSpan(render.Short(findings[i].Name, maxNewsName)))
		}
		b.WriteString("\n")
		from = to
	}
	if over := len(findings) - shown; over > 0 {
		b.WriteString("- and " + render.Number(over) + " more\n")
	}
	return b.String()
}

// maxNewsName is how much of a name is shown, in characters.
const maxNewsName = 150

// owners are the mentions for the workspaces of findings.
func owners(r *model.Report, findings []Finding) map[string][]string {
	concerned := map[string]bool{}
	for i := range findings {
		concerned[findings[i].Workspace] = true
	}
	out := map[string][]string{}
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		if !concerned[w.Name] {
			continue
		}
		for _, owner := range w.Owners {
			if text, ok := Mention(owner); ok && !slices.Contains(out[w.Name], text) {
				out[w.Name] = append(out[w.Name], text)
			}
		}
	}
	return out
}
