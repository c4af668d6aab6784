package planjson

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// relevance is what relevant_attributes says: by resource address the paths of
// attributes that the plan depends on, as splitter writes them. The section
// may come before resource_drift or after it.
type relevance map[string][]string

// relevantAttribute reads an element of relevant_attributes.
func (d *decoder) relevantAttribute() error {
	return d.element(func() error {
		var resource, attribute span
		err := d.fields(func(key []byte) *span {
			switch string(key) {
			case "resource":
				return &resource
			case "attribute":
				return &attribute
			}
			return nil
		})
		if err != nil {
			return err
		}
		address, err := d.string(resource)
		if err != nil {
			return err
		}
		steps, err := d.node(attribute)
		if err != nil {
			return err
		}
		var path []byte
		if steps != nil {
			path = appendSteps(nil, steps.kids)
		}
		if d.relevant == nil {
			d.relevant = relevance{}
		}
		d.relevant[address] = append(d.relevant[address], d.keep.intern(path))
		return nil
	})
}

// appendSteps appends a path of strings and indexes, as in relevant_attributes
// and replace_paths.
func appendSteps(path []byte, steps []node) []byte {
	for i := range steps {
		switch s := &steps[i]; s.kind {
		case '"':
			path = appendKey(path, unquote(s.raw))
		case '0':
			path = append(append(append(path, '['), s.raw...), ']')
		}
	}
	return path
}

// judgeDrift says of each drift whether it affects the plan: because the plan
// depends on what changed, or because it changes that again. A plan without
// resource_changes is refresh-only and can't tell; nor can one of a format that
// had no relevant_attributes yet, where the plan doesn't undo the drift.
func (d *decoder) judgeDrift() {
	if !d.head.changes {
		return
	}
	planned := map[string]*model.Change{}
	if len(d.ws.Drift) > 0 {
		for i := range d.ws.Changes {
			if c := &d.ws.Changes[i]; c.Deposed == "" {
				planned[c.Address] = c
			}
		}
	}
	for i := range d.ws.Drift {
		drift := &d.ws.Drift[i]
		affects := d.relevant.touches(&drift.Change) || undoes(planned[drift.Address], &drift.Change)
		if affects || d.head.knowsRelevance() {
			drift.AffectsPlan = &affects
		}
	}
}

// knowsRelevance reports whether the format has relevant_attributes, which is
// since 1.1 (Terraform 1.2):
// https://developer.hashicorp.com/terraform/internals/json-format
func (h *header) knowsRelevance() bool {
	return h.format != "1.0" && !strings.HasPrefix(h.format, "0.")
}

// undoes reports whether the plan changes again what drift changed.
func undoes(planned, drift *model.Change) bool {
	if planned == nil || planned.Action == model.ActionNoOp {
		return false
	}
	if drift.Action == model.ActionDelete {
		return true // it is made again, or what is left of it goes
	}
	for i := range drift.Attributes {
		for j := range planned.Attributes {
			a, b := trunk(drift.Attributes[i].Path), trunk(planned.Attributes[j].Path)
			if within(a, b) || within(b, a) {
				return true
			}
		}
	}
	return false
}

// trunk cuts a path at its first list index: elements have other indexes in
// the plan than in the drift.
func trunk(path string) string {
	for i := 0; i+1 < len(path); i++ {
		if path[i] == '[' && path[i+1] != '"' {
			return path[:i]
		}
	}
	return path
}

// of returns the attributes of c's resource that the plan depends on, "" for
// all. Terraform names the instance or, where it can't tell which, the resource.
func (r relevance) of(c *model.Change) []string {
	paths := r[c.Address]
	if whole := strings.TrimSuffix(c.Address, "["+string(c.Index)+"]"); whole != c.Address {
		paths = slices.Concat(paths, r[whole])
	}
	return paths
}

// touches reports whether the plan depends on something that c changes.
func (r relevance) touches(c *model.Change) bool {
	for _, path := range r.of(c) {
		if path == "" || len(c.Attributes) == 0 {
			return true
		}
		for i := range c.Attributes {
			if within(path, c.Attributes[i].Path) || within(c.Attributes[i].Path, path) {
				return true
			}
		}
	}
	return false
}

// within reports whether inner is outer or lies below it.
func within(outer, inner string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
