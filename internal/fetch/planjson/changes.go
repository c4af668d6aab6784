package planjson

import (
	"bytes"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// rawChange is where the parts of one resource change (or output change)
// stand in the buffer. Most changes are dropped with nothing parsed.
type rawChange struct {
	address, previous, module, mode, kind, name, index, indexUnknown, provider, deposed, reason span

	actions, before, after, unknown, beforeMarks, afterMarks span
	importing, config, replacePaths                          span
}

// resource returns the place for a member of a resource change.
func (c *rawChange) resource(key []byte) *span {
	switch string(key) {
	case "address":
		return &c.address
	case "previous_address":
		return &c.previous
	case "module_address":
		return &c.module
	case "mode":
		return &c.mode
	case "type":
		return &c.kind
	case "name":
		return &c.name
	case "index":
		return &c.index
	case "index_unknown":
		return &c.indexUnknown
	case "provider_name":
		return &c.provider
	case "deposed":
		return &c.deposed
	case "action_reason":
		return &c.reason
	}
	return nil
}

// change returns the place for a member of a change representation.
func (c *rawChange) change(key []byte) *span {
	switch string(key) {
	case "actions":
		return &c.actions
	case "before":
		return &c.before
	case "after":
		return &c.after
	case "after_unknown":
		return &c.unknown
	case "before_sensitive":
		return &c.beforeMarks
	case "after_sensitive":
		return &c.afterMarks
	case "importing":
		return &c.importing
	case "generated_config":
		return &c.config
	case "replace_paths":
		return &c.replacePaths
	}
	return nil
}

// walkResource captures the parts of the resource change that comes next. What
// it returns is good until the next one: there are many.
func (d *decoder) walkResource() (*rawChange, error) {
	d.raw = rawChange{}
	return &d.raw, d.object(d.resourceField)
}

func (d *decoder) resourceField(key []byte) error {
	if string(key) == "change" {
		return d.fields(d.raw.change)
	}
	place := d.raw.resource(key)
	if place == nil {
		return d.skip()
	}
	var err error
	*place, err = d.value()
	return err
}

// isIdle reports whether a captured change does nothing at all: no action, no
// import, no move.
func (d *decoder) isIdle(raw *rawChange) bool {
	return string(d.bytes(raw.actions)) == `["no-op"]` && d.isNull(raw.importing) &&
		(d.isNull(raw.previous) || bytes.Equal(d.bytes(raw.previous), d.bytes(raw.address)))
}

func (d *decoder) isNull(p span) bool { return p.empty() || string(d.bytes(p)) == "null" }

// resourceChange reads an element of resource_changes.
func (d *decoder) resourceChange() error {
	return d.element(func() error {
		raw, err := d.walkResource()
		if err != nil {
			return err
		}
		if d.isIdle(raw) {
			d.lives(d.bytes(raw.module), d.bytes(raw.mode))
			return d.collectChange(raw)
		}
		c, err := d.build(raw)
		if err != nil {
			return err
		}
		if c.Action != model.ActionDelete && c.Action != model.ActionForget {
			d.lives(d.bytes(raw.module), d.bytes(raw.mode))
		}
		if c.Action == model.ActionNoOp && c.Import == nil && c.PreviousAddress == "" {
			return nil // as isIdle, but written with white space or escapes
		}
		d.addChange(c)
		return nil
	})
}

// lives notes that a managed resource stays in a module; both are JSON strings.
func (d *decoder) lives(module, mode []byte) {
	if len(module) == 0 || string(mode) != `"managed"` {
		return
	}
	if d.live == nil {
		d.live = map[string]struct{}{}
	}
	if _, known := d.live[string(module)]; !known {
		d.live[string(module)] = struct{}{}
	}
}

// liveModules returns the addresses of modules that lives has noted, sorted.
func (d *decoder) liveModules() []string {
	var out []string
	for quoted := range d.live {
		out = append(out, string(unquote([]byte(quoted))))
	}
	slices.Sort(out)
	return out
}

// addChange keeps c. There may be many, and a slice that grows as it needs to
// would for a while take three times their room.
func (d *decoder) addChange(c model.Change) {
	const chunk = 512 // changes
	last := len(d.changes) - 1
	if last < 0 || len(d.changes[last]) == cap(d.changes[last]) {
		d.changes = append(d.changes, make([]model.Change, 0, min(chunk, 8<<min(2*len(d.changes), 6))))
		last++
	}
	d.changes[last] = append(d.changes[last], c)
}

// resourceDrift reads an element of resource_drift. A move alone is no drift.
func (d *decoder) resourceDrift() error {
	return d.element(func() error {
		raw, err := d.walkResource()
		if err != nil {
			return err
		}
		c, err := d.build(raw)
		if err != nil {
			return err
		}
		if c.Action == model.ActionNoOp || c.PreviousAddress != "" && len(c.Attributes) == 0 {
			return nil
		}
		d.ws.Drift = append(d.ws.Drift, model.Drift{Change: c})
		return nil
	})
}

// deferredChange reads an element of deferred_changes.
func (d *decoder) deferredChange() error {
	return d.element(func() error {
		var reason span
		raw := &rawChange{}
		err := d.object(func(key []byte) error {
			var err error
			switch string(key) {
			case "reason":
				reason, err = d.value()
			case "resource_change":
				raw, err = d.walkResource()
			default:
				err = d.skip()
			}
			return err
		})
		if err != nil {
			return err
		}
		c, err := d.build(raw)
		if err != nil {
			return err
		}
		word, err := d.string(reason)
		if err != nil {
			return err
		}
		d.ws.Deferred = append(d.ws.Deferred, model.Deferred{Change: c,
			DeferredReason: word, DeferredReasonText: model.DeferredReasonText(word)})
		return nil
	})
}

// collectChange collects the secrets of a change that is not kept.
func (d *decoder) collectChange(raw *rawChange) error {
	if err := d.collectMarked(raw.before, raw.beforeMarks); err != nil {
		return err
	}
	return d.collectMarked(raw.after, raw.afterMarks)
}

// build makes a change of what was captured, and collects its secrets.
func (d *decoder) build(raw *rawChange) (model.Change, error) {
	var c model.Change
	err := d.strings(stringAt{&c.Address, raw.address}, stringAt{&c.PreviousAddress, raw.previous},
		stringAt{&c.Module, raw.module}, stringAt{&c.Mode, raw.mode}, stringAt{&c.Type, raw.kind},
		stringAt{&c.Name, raw.name}, stringAt{&c.Provider, raw.provider}, stringAt{&c.Deposed, raw.deposed},
		stringAt{&c.Reason, raw.reason}, stringAt{&c.GeneratedConfig, raw.config})
	if err != nil {
		return c, err
	}
	for _, word := range []*string{&c.Module, &c.Mode, &c.Type, &c.Provider, &c.Reason} {
		*word = d.keep.intern([]byte(*word)) // few words, many times
	}
	if c.PreviousAddress == c.Address {
		c.PreviousAddress = ""
	}
	c.ReasonText = model.ReasonText(c.Reason)
	c.IndexUnknown = hasTrue(d.bytes(raw.indexUnknown))
	if err := d.action(raw.actions, &c); err != nil {
		return c, err
	}
	if err := d.identify(raw, &c); err != nil {
		return c, asFault(err, c.Address)
	}
	c.Attributes, c.Unchanged, err = d.attributes(raw, nil, c.Action)
	return c, asFault(err, c.Address)
}

// identify reads the index and what is imported.
func (d *decoder) identify(raw *rawChange, c *model.Change) error {
	var index, importing *node
	if err := d.nodes(nodeAt{&index, raw.index}, nodeAt{&importing, raw.importing}); err != nil {
		return err
	}
	if !index.null() && !index.container() {
		c.Index = appendValue(nil, index)
	}
	if importing == nil || importing.kind != '{' {
		return nil
	}
	c.Import = &model.Import{Unknown: importing.member([]byte("unknown")).isTrue()}
	if id := importing.member([]byte("id")); id != nil && id.kind == '"' {
		c.Import.ID = string(unquote(id.raw))
	}
	if identity := importing.member([]byte("identity")); !identity.null() {
		c.Import.Identity = appendValue(nil, identity)
	}
	return nil
}

// attributes parses a change's values, collects what is sensitive in them and
// splits them. root is the first part of the paths, nil for a resource.
func (d *decoder) attributes(raw *rawChange, root []byte, action string) ([]model.Attribute, []model.Leaf, error) {
	var before, after side
	var replace *node
	err := d.nodes(nodeAt{&before.value, raw.before}, nodeAt{&before.marks, raw.beforeMarks},
		nodeAt{&after.value, raw.after}, nodeAt{&after.marks, raw.afterMarks}, nodeAt{&after.unknown, raw.unknown},
		nodeAt{&replace, raw.replacePaths})
	if err != nil {
		return nil, nil, err
	}
	d.collect(before.value, before.marks)
	d.collect(after.value, after.marks)
	if action == model.ActionNoOp && root == nil && !d.isNull(raw.importing) {
		for _, name := range []string{"arn", "region"} { // where what is imported is: an id may mean another object elsewhere
			if at := after.member([]byte(name)); !after.sensitive() && !at.value.null() && at.value.kind == '"' && !at.sensitive() && len(at.value.raw) <= maxLeaf {
				d.keep.addUnchanged(name, at.value)
			}
		}
		_, unchanged := d.keep.take()
		return nil, unchanged, nil
	}
	if action == model.ActionForget || action == model.ActionNoOp {
		return nil, nil, nil // the object itself stays as it is
	}
	const factor, least = 8, 1 << 20 // bytes
	budget := least + factor*(len(d.bytes(raw.before))+len(d.bytes(raw.after))+len(d.bytes(raw.unknown)))
	sp := splitter{comparer: d.compare, keep: d.keep, path: root, root: len(root), budget: budget}
	sp.split(before, after, replace)
	attributes, unchanged := d.keep.take()
	return attributes, unchanged, nil
}
