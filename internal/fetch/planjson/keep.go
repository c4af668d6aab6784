package planjson

import (
	"cmp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// keeper gathers the attributes and unchanged leaves of one change and hands
// them out in compact form: one allocation for each list, one for all values,
// and each path, type or provider name only once for the whole plan.
type keeper struct {
	words map[string]string
	text  []byte // values of the change at hand
	items []item
	stays []leaf
}

// leaf is an unchanged leaf whose value still is a place in keeper.text.
type leaf struct {
	path  string
	value place
}

// item is an attribute whose values still are places in keeper.text.
type item struct {
	attribute     model.Attribute
	before, after place
}

type place struct{ from, to int }

func newKeeper() *keeper { return &keeper{words: map[string]string{}} }

// intern returns text as a string, the same one each time.
func (k *keeper) intern(text []byte) string {
	if word, ok := k.words[string(text)]; ok {
		return word
	}
	const longest = 200 // bytes; what is longer hardly comes twice
	word := string(text)
	if len(word) <= longest {
		k.words[word] = word
	}
	return word
}

// add adds an attribute; nil values are absent ones.
func (k *keeper) add(a model.Attribute, before, after *node) {
	k.items = append(k.items, item{a, k.write(before), k.write(after)})
}

// sort puts attributes that were added late beside those of the same argument,
// which came in the order of their names.
func (k *keeper) sort() {
	argument := func(path string) string {
		if i := strings.IndexAny(path, ".["); i > 0 {
			return path[:i]
		}
		return path
	}
	slices.SortStableFunc(k.items, func(a, b item) int {
		return cmp.Compare(argument(a.attribute.Path), argument(b.attribute.Path))
	})
}

// addUnchanged adds a leaf that stays as it is.
func (k *keeper) addUnchanged(path string, value *node) {
	k.stays = append(k.stays, leaf{path, k.write(value)})
}

// dropUnchanged takes back the leaf at path, if it was added.
func (k *keeper) dropUnchanged(path string) {
	k.stays = slices.DeleteFunc(k.stays, func(l leaf) bool { return l.path == path })
}

func (k *keeper) write(n *node) place {
	from := len(k.text)
	if n != nil {
		k.text = appendValue(k.text, n)
	}
	return place{from, len(k.text)}
}

// take returns what was added since the last take.
func (k *keeper) take() (attributes []model.Attribute, unchanged []model.Leaf) {
	values := slices.Clone(k.text)
	attributes = make([]model.Attribute, len(k.items))
	for i, it := range k.items {
		attributes[i] = it.attribute
		attributes[i].Before = cut(values, it.before)
		attributes[i].After = cut(values, it.after)
	}
	if len(k.stays) > 0 {
		unchanged = make([]model.Leaf, len(k.stays))
	}
	for i, l := range k.stays {
		unchanged[i] = model.Leaf{Path: l.path, Value: cut(values, l.value)}
	}
	k.text, k.items, k.stays = k.text[:0], k.items[:0], k.stays[:0]
	return attributes, unchanged
}

func cut(values []byte, p place) model.Value {
	if p.from == p.to {
		return nil
	}
	return values[p.from:p.to:p.to]
}
