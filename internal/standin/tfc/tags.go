package tfc

import (
	"maps"
	"net/http"
	"slices"
)

// effective returns the workspace's tag bindings with those of its project.
func (w *Workspace) effective() map[string]string {
	out := maps.Clone(w.project.bindings)
	maps.Copy(out, w.bindings)
	return out
}

// binding is a key-value tag of a workspace, of its own or inherited.
type binding struct {
	kind, name, value string
	owner             string // id of the workspace or project
	ws                *Workspace
}

func (b *binding) key() string       { return b.owner + "-" + b.kind + "-" + b.name }
func (b *binding) scope() *Workspace { return b.ws }

func (b *binding) show(*call) resource {
	return resource{ID: b.key(), Type: b.kind, Attributes: attrs{"key": b.name, "value": b.value}}
}

// effectiveBindings makes the effective bindings findable, so that they can be
// included, and returns them sorted by key.
func (w *Workspace) effectiveBindings() []*binding {
	out := bindings("effective-tag-bindings", w.effective(), w.id, w)
	for _, b := range out {
		w.org.s.add(b)
	}
	return out
}

func bindings(kind string, pairs map[string]string, owner string, ws *Workspace) []*binding {
	var out []*binding
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		out = append(out, &binding{kind, key, pairs[key], owner, ws})
	}
	return out
}

// unpaged answers with all items at once, as a few endpoints do.
func unpaged[E entity](c *call, items []E) (answer, error) {
	data := make([]resource, len(items))
	for i, e := range items {
		data[i] = e.show(c)
	}
	return document(http.StatusOK, data, nil), nil
}

func (w *Workspace) tagNames() []string {
	return append([]string{}, slices.Sorted(slices.Values(w.tags))...)
}

func (c *call) listTags() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	out := []resource{}
	for _, name := range w.tagNames() {
		out = append(out, resource{ID: "tag-" + name, Type: "tags", Attributes: attrs{"name": name}})
	}
	return document(http.StatusOK, out, nil), nil
}

func (c *call) listBindings() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	return unpaged(c, bindings("tag-bindings", w.bindings, w.id, w))
}

func (c *call) listEffectiveBindings() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	return unpaged(c, w.effectiveBindings())
}
