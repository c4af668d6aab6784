package planjson

import (
	"bytes"
	"strconv"

	"github.com/strandline-tf/strandline/internal/model"
)

// Splitting a change means to walk over its two values together and to name
// each leaf that differs. The rules:
//
//   - null and absent are the same; a side without a value is left out.
//   - A leaf is a scalar; an empty container that replaces something or
//     nothing; or a whole that is sensitive or unknown, which has no parts.
//   - Members are walked in the order of their names, which is Terraform's.
//   - What is sensitive on either side is named without values, where the
//     values or the marks differ. Where there is a mark but no value, that is
//     named only if nothing else would be: Terraform Cloud's redacted plans
//     look like that.
//   - What becomes known after apply always differs.
//   - Paths may take so many times the space of the values they name, which no
//     real change comes near. Then containers aren't taken apart any more.
//   - An attribute forces replacement where one of Terraform's replace_paths
//     is, or lies within, or contains its path. A replace path without any
//     such attribute (its value is the same on both sides) is added with both
//     values, because a reader who asks why must find it.
//   - Leaves of a list element, map or object that comes or goes as a whole
//     say which. Of what stays, a little is told for the reader's sake
//     (context.go).

// side is a value before or after, with what the plan says beside it.
type side struct {
	value   *node
	marks   *node // what of it is sensitive
	unknown *node // what of it is known after apply only; never before
}

func (s side) sensitive() bool { return s.marks.isTrue() }

// wholly reports whether all of it is unknown.
func (s side) wholly() bool { return s.unknown.isTrue() }

// isNull reports whether there is a null, not merely nothing.
func (s side) isNull() bool { return s.value != nil && s.value.kind == 'n' }

// asNull returns the null that s is, without what the plan says beside it;
// nothing where s is something else.
func (s side) asNull() side {
	if s.isNull() {
		return side{value: s.value}
	}
	return side{}
}

// absent reports whether there is nothing at all, known or unknown.
func (s side) absent() bool { return s.value.null() && !s.unknown.anyTrue() }

// kind returns the kind of container that s is, as far as it is known, or 0.
func (s side) kind() byte {
	if !s.value.null() {
		if s.value.container() {
			return s.value.kind
		}
		return 0
	}
	if s.unknown.container() && s.unknown.anyTrue() {
		return s.unknown.kind
	}
	return 0
}

func (s side) member(key []byte) side {
	m := side{s.value.member(key), s.marks.member(key), s.unknown.member(key)}
	return m.inherit(s)
}

func (s side) item(i int) side {
	m := side{s.value.item(i), s.marks.item(i), s.unknown.item(i)}
	return m.inherit(s)
}

// inherit gives a part what its whole says of all parts.
func (s side) inherit(whole side) side {
	if whole.sensitive() {
		s.marks = whole.marks
	}
	if whole.wholly() {
		s.unknown = whole.unknown
	}
	return s
}

// splitter splits one change into the keeper.
type splitter struct {
	comparer
	keep    *keeper
	path    []byte
	root    int    // length of the path that all paths begin with
	whole   string // path of what comes or goes as a whole around sp.path; see comes
	inWhole bool   // there is such a thing; with whole "", all of it does
	around  int    // so many unchanged leaves may still be told of the list element here
	replace []*replacePath
	spent   int // bytes of paths so far, of leaves and of containers
	budget  int // bytes of paths after which containers are leaves
}

// replacePath is one of a change's replace_paths.
type replacePath struct {
	steps []node
	seen  bool // some attribute says so
}

// forced is a replace path of which the first so many steps have been taken;
// all of them, for what lies within it.
type forced struct {
	path  *replacePath
	taken int
}

// split names what differs between before and after.
func (sp *splitter) split(before, after side, replace *node) {
	var active []forced
	if replace != nil && replace.kind == '[' {
		for i := range replace.kids {
			p := &replacePath{steps: replace.kids[i].kids}
			sp.replace = append(sp.replace, p)
			active = append(active, forced{path: p})
		}
	}
	sp.diff(before, after, active)
	late := false
	for _, p := range sp.replace {
		if !p.seen {
			sp.unchanged(p, before, after)
			late = true
		}
	}
	if late {
		sp.keep.sort()
	}
	if len(sp.keep.items) == 0 && !before.absent() && !after.absent() {
		sp.remarked(before, after, true)
	}
}

// diff names the leaves that differ between b and a, which stand at sp.path.
func (sp *splitter) diff(b, a side, active []forced) {
	switch kb, ka := b.kind(), a.kind(); {
	case b.absent() && a.absent():
	case !a.unknown.anyTrue() && sp.equal(b.value, a.value):
		sp.still(b, a)
	case b.sensitive() || a.sensitive():
		sp.emit(b, a, active)
	case a.wholly():
		sp.emit(b, a, active)
	case kb == ka && kb != 0:
		sp.parts(b, a, kb, active)
	case kb == 0 && ka == 0:
		sp.emit(b, a, active)
	default:
		// A container comes, goes, or takes the place of something else.
		sp.only(b, a.asNull(), active)
		sp.only(b.asNull(), a, active)
	}
}

// only names the leaves of a value that exists on one side only; an empty
// container (also one of nulls) is a leaf itself.
func (sp *splitter) only(b, a side, active []forced) {
	if b.absent() && a.absent() {
		return
	}
	kind := max(b.kind(), a.kind())
	if kind == 0 {
		sp.emit(b, a, active)
		return
	}
	count := len(sp.keep.items)
	leave := sp.comes()
	sp.parts(b, a, kind, active)
	leave()
	if len(sp.keep.items) > count {
		return
	}
	empty := &node{kind: kind}
	if b.absent() {
		sp.emit(b.asNull(), side{value: empty}, active)
	} else {
		sp.emit(side{value: empty}, a.asNull(), active)
	}
}

func (sp *splitter) parts(b, a side, kind byte, active []forced) {
	if sp.spent += len(sp.path); sp.spent > sp.budget {
		sp.emit(b, a, active)
		return
	}
	if kind == '[' {
		sp.list(b, a, active)
		return
	}
	eachMember(b, a, func(key []byte, b, a side) {
		length := len(sp.path)
		sp.path = appendKey(sp.path, key)
		count := len(sp.keep.items)
		sp.diff(b, a, stepKey(active, key))
		if len(sp.keep.items) == count {
			sp.stays(key, length == sp.root, b, a)
		}
		sp.path = sp.path[:length]
	})
}

// comes says of all that is named until the function it returns is called
// that it comes or goes together with what stands at sp.path.
func (sp *splitter) comes() (leave func()) {
	if sp.inWhole {
		return func() {}
	}
	sp.inWhole = true
	if len(sp.path) > sp.root {
		sp.whole = sp.keep.intern(sp.path)
	}
	return func() { sp.inWhole, sp.whole = false, "" }
}

// eachMember calls do for every name that b or a has, in order; a name may
// stand in what is unknown only.
func eachMember(b, a side, do func(key []byte, b, a side)) {
	lists := [3][]node{members(b.value), members(a.value), members(a.unknown)}
	for {
		var first []node
		for _, list := range lists {
			if compareFirst(list, first) < 0 {
				first = list
			}
		}
		if len(first) == 0 {
			return
		}
		key := first[0].key
		var found [3]*node
		for i, list := range lists {
			if len(list) > 0 && bytes.Equal(list[0].key, key) {
				found[i], lists[i] = &list[0], list[1:]
			}
		}
		mb := side{value: found[0], marks: b.marks.member(key)}
		ma := side{value: found[1], marks: a.marks.member(key), unknown: found[2]}
		do(key, mb.inherit(b), ma.inherit(a))
	}
}

func members(n *node) []node {
	if n == nil || n.kind != '{' {
		return nil
	}
	return n.kids
}

// emit names the leaf at sp.path; a null is no value.
func (sp *splitter) emit(b, a side, active []forced) {
	isNull := b.isNull() || a.isNull()
	b.value, a.value = present(b.value), present(a.value)
	sp.add(b, a, isNull, active)
}

// add names the leaf at sp.path with its values, of which nil is none. isNull
// says that one of those stood there as a null.
func (sp *splitter) add(b, a side, isNull bool, active []forced) {
	attribute := model.Attribute{
		Null:              isNull,
		Path:              sp.keep.intern(sp.path),
		Unknown:           a.unknown.anyTrue(),
		Sensitive:         b.marks.anyTrue() || a.marks.anyTrue(),
		ForcesReplacement: len(active) > 0,
	}
	if len(sp.path) > len(sp.whole) {
		attribute.Element = sp.whole
	}
	sp.spent += len(sp.path)
	for _, f := range active {
		f.path.seen = true
	}
	if attribute.Sensitive {
		b.value, a.value = nil, nil
	}
	if attribute.Unknown {
		a.value = nil
	}
	sp.keep.add(attribute, b.value, a.value)
}

func present(n *node) *node {
	if n.null() {
		return nil
	}
	return n
}

// stepKey returns the replace paths that go on with key, or lie behind us.
func stepKey(active []forced, key []byte) []forced {
	return step(active, func(n *node) bool { return n.kind == '"' && string(unquote(n.raw)) == string(key) })
}

// stepIndex does the same for an index, which may be the one before or after.
func stepIndex(active []forced, before, after int) []forced {
	return step(active, func(n *node) bool {
		i, err := strconv.Atoi(string(n.raw))
		return n.kind == '0' && err == nil && (i == before || i == after)
	})
}

func step(active []forced, matches func(*node) bool) []forced {
	if len(active) == 0 {
		return nil
	}
	var out []forced
	for _, f := range active {
		if f.taken < len(f.path.steps) {
			if !matches(&f.path.steps[f.taken]) {
				continue
			}
			f.taken++
		}
		out = append(out, f)
	}
	return out
}

// unchanged names a replace path whose value is the same on both sides.
func (sp *splitter) unchanged(p *replacePath, b, a side) {
	length := len(sp.path)
	sp.path = appendSteps(sp.path, p.steps)
	for i := range p.steps {
		b, a = b.step(&p.steps[i]), a.step(&p.steps[i])
	}
	if len(sp.path) > length {
		sp.emit(b, a, []forced{{path: p}})
		sp.keep.dropUnchanged(string(sp.path))
	}
	sp.path = sp.path[:length]
}

// step returns the part of s that one step of a path names.
func (s side) step(to *node) side {
	if to.kind == '"' {
		return s.member(unquote(to.raw))
	}
	if i, err := strconv.Atoi(string(to.raw)); err == nil && i >= 0 {
		return s.item(i)
	}
	return side{}.inherit(s)
}

// still names what of two equal values is sensitive on one side only.
func (sp *splitter) still(b, a side) {
	if b.marks.anyTrue() || a.marks.anyTrue() {
		sp.remarked(b, a, false)
	}
}

// remarked names what is sensitive on one side only or, if hidden, what is
// sensitive and has no value on either: one that Terraform Cloud took out of a
// redacted plan, or a write-only one.
func (sp *splitter) remarked(b, a side, hidden bool) {
	nothing := b.absent() && a.absent()
	if b.sensitive() || a.sensitive() {
		if hidden == nothing && (hidden || b.sensitive() != a.sensitive()) {
			sp.emit(b, a, nil)
		}
		return
	}
	length := len(sp.path)
	switch kb, ka := b.kind(), a.kind(); {
	case kb == '{' && ka == '{':
		eachMember(b, a, func(key []byte, b, a side) {
			sp.path = appendKey(sp.path, key)
			sp.remarked(b, a, hidden)
			sp.path = sp.path[:length]
		})
	case kb == '[' && ka == '[':
		for i := range min(b.length(), a.length()) {
			sp.path = appendIndex(sp.path, i)
			sp.remarked(b.item(i), a.item(i), hidden)
			sp.path = sp.path[:length]
		}
	}
}
