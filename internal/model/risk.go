package model

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

// Kinds of risks.
const (
	RiskDestroyData   = "destroy_data"
	RiskReplaceData   = "replace_data"
	RiskPublicIngress = "public_ingress"
	RiskPublicAccess  = "public_access"
	RiskWildcard      = "iam_wildcard"
)

//go:embed holds.tsv
var holdsTable string

// Judge finds what a reviewer should see before all else and puts it into
// w.Risks: data that is lost, and access that is opened. It judges by known
// values only; what is unknown or sensitive is never guessed at.
func (w *Workspace) Judge() {
	w.Risks = nil
	for i := range w.Changes {
		c := &w.Changes[i]
		if c.Mode == "data" {
			continue
		}
		switch c.Action {
		case ActionDelete, ActionReplace:
			w.judgeLoss(c)
		}
		switch c.Action {
		case ActionCreate, ActionUpdate, ActionReplace, ActionReplaceForget:
			w.judgeAccess(c)
		}
	}
}

func (w *Workspace) judgeLoss(c *Change) {
	holds := Holds(c.Type)
	if holds == "" {
		return
	}
	kind := RiskDestroyData
	if c.Action == ActionReplace {
		kind = RiskReplaceData
	}
	message := "holds data: " + holds
	w.Risks = append(w.Risks, Risk{Kind: kind, Address: c.Address, Message: message, Brief: message})
}

// Holds returns what is lost when a resource of a type is destroyed ("bucket",
// "encryption key"), or "" for types that hold nothing or aren't known.
func Holds(resourceType string) string {
	table := holdsByType()
	if holds, ok := table.exact[resourceType]; ok {
		return holds
	}
	for i, g := range table.globs {
		if g.match(resourceType) {
			return table.holds[i]
		}
	}
	return ""
}

// holdings is holdsTable, parsed.
type holdings struct {
	exact map[string]string
	globs []glob
	holds []string // for globs, by index
}

var holdsByType = sync.OnceValue(func() holdings {
	h := holdings{exact: map[string]string{}}
	for line := range strings.Lines(holdsTable) {
		pattern, holds, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case !ok:
		case strings.Contains(pattern, "*"):
			h.globs, h.holds = append(h.globs, compileGlob(pattern)), append(h.holds, holds)
		default:
			h.exact[pattern] = holds
		}
	}
	return h
})

func (w *Workspace) judgeAccess(c *Change) {
	known := sync.OnceValue(c.knownValues) // costs more than most changes are worth
	seen := map[string]bool{}
	for i := range c.Attributes {
		a := &c.Attributes[i]
		if a.After == nil {
			continue
		}
		for _, r := range a.risksOf(c.Type, known) {
			if seen[r.Message] {
				continue
			}
			seen[r.Message] = true
			r.Address, r.Path = c.Address, a.Path
			w.Risks = append(w.Risks, r)
		}
	}
}

// risksOf returns what a's new value opens that its former one did not.
func (a *Attribute) risksOf(resourceType string, known func() map[string]string) []Risk {
	after := scalar(a.After)
	if strings.HasPrefix(strings.TrimSpace(after), "{") {
		return policyRisks(scalar(a.Before), after)
	}
	for _, r := range rulesByValue()[after] {
		if r.matches(resourceType, a.Path, known) {
			return []Risk{r.risk(a.Path, after, known())}
		}
	}
	return nil
}

// knownValues maps the path of every known leaf to its text after the change.
func (c *Change) knownValues() map[string]string {
	known := make(map[string]string, len(c.Attributes)+len(c.Unchanged))
	for _, l := range c.Unchanged {
		known[l.Path] = scalar(l.Value)
	}
	for i := range c.Attributes {
		if a := &c.Attributes[i]; a.After != nil {
			known[a.Path] = scalar(a.After)
		}
	}
	return known
}

// scalar returns a string's content, and any other value's JSON.
func scalar(v Value) string {
	if len(v) > 0 && v[0] == '"' {
		if bytes.IndexByte(v, '\\') < 0 { // most have no escapes
			return string(v[1 : len(v)-1])
		}
		var s string
		if json.Unmarshal(v, &s) == nil {
			return s
		}
	}
	return string(v)
}
