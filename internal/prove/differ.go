package prove

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/secret"
)

// settle does something about a change to an adopted resource that isn't
// merely its import: the configuration is made to say what is real.
func (v *verifier) settle(c model.Change, redacted bool) {
	if c.Import == nil {
		v.remove(c.Address, "can't be imported: Terraform would "+strings.ReplaceAll(c.Action, "_", " ")+" it instead")
		return
	}
	// What is unknown until it is applied mostly follows from another change.
	known := slices.DeleteFunc(slices.Clone(c.Attributes), func(a model.Attribute) bool { return a.Unknown && !a.ForcesReplacement })
	if len(known) == 0 {
		known = c.Attributes
	}
	names := map[string][]model.Attribute{}
	var order []string
	for _, a := range known {
		name := topOf(a.Path)
		if names[name] == nil {
			order = append(order, name)
		}
		names[name] = append(names[name], a)
	}
	computed := computedMembers(c)
	for _, name := range order {
		if inList(names[name]) {
			if v.settleList(c, name, names[name], redacted) {
				return
			}
			continue
		}
		key := c.Address + " " + name + " set"
		first := v.tried[key] == 0
		v.tried[key]++
		// In front of the last plan only what is made up has to go.
		guessed := v.guessed[c.Address+" "+name]
		if first && (v.left() > 1 || guessed) && !redacted && v.restore(c.Address, names[name], computed) {
			v.note("%s: %s set to what it is", c.Address, name)
			continue
		}
		v.ignore(c.Address, name, reason(names[name]))
	}
}

// ignore puts an argument under ignore_changes, whose comment why ends.
func (v *verifier) ignore(address, name, why string) {
	if v.guessed[address+" "+name] && why == secretReason {
		why = standsReason
	}
	if !v.isIgnored(address, name) && v.batch.IgnoreChanges(address, name, why) {
		v.note("%s: changes of %s ignored", address, name)
	}
}

// computedMembers are the members of elements that the provider fills in where
// they aren't set, by path without indexes: what becomes of them is unknown.
func computedMembers(c model.Change) map[string]bool {
	out := map[string]bool{}
	for _, a := range c.Attributes {
		if a.Unknown && strings.Contains(a.Path, "]") {
			out[indexes.ReplaceAllString(a.Path, "")] = true
		}
	}
	return out
}

var indexes = regexp.MustCompile(`\[\d+\]`)

// Why changes of a secret are ignored: where nothing is written for it, and
// where something stands for it.
const (
	secretReason = "is secret"
	standsReason = "is secret: its value stays what it is; the one above only stands for it, and must be replaced before this is ever created anew"
)

// reason ends the comment on an argument whose changes are ignored.
func reason(differing []model.Attribute) string {
	if slices.ContainsFunc(differing, func(a model.Attribute) bool { return a.Sensitive }) {
		return secretReason
	}
	return "can't be told such that a plan finds no change"
}

func (v *verifier) isIgnored(address, name string) bool {
	return slices.ContainsFunc(v.batch.Resources(), func(a propose.Adopted) bool {
		return a.Address == address && slices.Contains(a.Ignored, name)
	})
}

// restore makes one top-level argument, a value or a map, say what is real: what
// the plan would take away is set, and what it would add is dropped. It does
// nothing where one of the values is secret. That it did only a part is no harm:
// the next plan will tell.
func (v *verifier) restore(address string, differing []model.Attribute, computed map[string]bool) bool {
	type edit struct {
		path  string
		value model.Value // nil: drop
	}
	var sets, drops []edit
	seen := map[string]bool{}
	for _, a := range differing {
		if a.Sensitive || isWithheld(a.Before) {
			return false
		}
		path, real := a.Path, a.Before
		if a.Element != "" {
			path, real = a.Element, assemble(a.Element, differing, computed)
			if real == nil && hasValue(a.Before) {
				return false
			}
		}
		if seen[path] {
			continue
		}
		seen[path] = true
		if hasValue(real) {
			sets = append(sets, edit{path, real})
		} else {
			drops = append(drops, edit{path, nil})
		}
	}
	done := false
	for _, e := range slices.Backward(drops) { // so that indexes hold
		done = v.batch.Drop(address, e.path) || done
	}
	for _, e := range sets {
		done = v.batch.Set(address, e.path, e.value) || done
	}
	return done
}

func hasValue(v model.Value) bool { return len(v) > 0 && string(v) != "null" }

func isWithheld(v model.Value) bool { return strings.Contains(string(v), secret.Withheld) }

// assemble puts the real leaves of an element that comes or goes as a whole
// together again, without what the provider fills in by itself; nil where there
// are none, or they don't make a value.
func assemble(element string, leaves []model.Attribute, computed map[string]bool) model.Value {
	var whole any
	for _, l := range leaves {
		if l.Element != element || !hasValue(l.Before) || computed[indexes.ReplaceAllString(l.Path, "")] {
			continue
		}
		all, of := stepsOf(l.Path), stepsOf(element)
		if len(all) < len(of) {
			return nil
		}
		var ok bool
		if whole, ok = place(whole, all[len(of):], l.Before); !ok {
			return nil
		}
	}
	if whole == nil {
		return nil
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return nil
	}
	return text
}

// stepsOf takes a path apart: strings and ints; nil where it is none.
func stepsOf(path string) []any {
	t, diags := hclsyntax.ParseTraversalAbs([]byte(path), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	var out []any
	for _, s := range t {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			out = append(out, s.Name)
		case hcl.TraverseAttr:
			out = append(out, s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				out = append(out, s.Key.AsString())
				continue
			}
			n, _ := s.Key.AsBigFloat().Int64()
			out = append(out, int(n))
		}
	}
	return out
}

// place sets what steps lead to in a value of maps and slices.
func place(in any, steps []any, v model.Value) (any, bool) {
	if len(steps) == 0 {
		return v, in == nil
	}
	if name, isName := steps[0].(string); isName {
		m, ok := in.(map[string]any)
		if in != nil && !ok {
			return nil, false
		}
		if m == nil {
			m = map[string]any{}
		}
		m[name], ok = place(m[name], steps[1:], v)
		return m, ok
	}
	i, _ := steps[0].(int)
	list, ok := in.([]any)
	if in != nil && !ok || i > len(list) {
		return nil, false // a gap: what stands there isn't known
	}
	if i == len(list) {
		list = append(list, nil)
	}
	list[i], ok = place(list[i], steps[1:], v)
	return list, ok
}
