package planjson_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// The properties are checked against a slow and plain view of a value, which
// shares no code with the package: the multiset of its leaves, each named by
// its path without list indexes. List elements that moved don't matter to it;
// what came, went or changed does.

// leaves counts the leaves of a value. Nulls are nothing except in a list; a
// container without leaves is one itself.
func leaves(v any) map[string]int {
	out := map[string]int{}
	addLeaves(out, "", v, false)
	return out
}

func addLeaves(out map[string]int, path string, v any, inList bool) int {
	count := 0
	switch v := v.(type) {
	case nil:
		if !inList {
			return 0
		}
		out[path+"=null"]++
		return 1
	case map[string]any:
		for key, member := range v {
			count += addLeaves(out, path+"/"+key, member, false)
		}
		if count > 0 {
			return count
		}
		out[path+"={}"]++
		return 1
	case []any:
		for _, element := range v {
			count += addLeaves(out, path+"/*", element, true)
		}
		if count > 0 {
			return count
		}
		out[path+"=[]"]++
		return 1
	}
	text, _ := json.Marshal(v)
	out[path+"="+string(text)]++
	return 1
}

var step = regexp.MustCompile(`\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[]+)`)

// erase turns a path as the report has it into one of leaves.
func erase(path string) string {
	var out strings.Builder
	for _, m := range step.FindAllStringSubmatch(path, -1) {
		switch {
		case m[2] != "":
			out.WriteString("/*")
		case m[3] != "":
			out.WriteString("/" + m[3])
		default:
			key, err := strconv.Unquote(`"` + m[1] + `"`)
			if err != nil {
				key = m[1]
			}
			out.WriteString("/" + key)
		}
	}
	return out.String()
}

// scalars makes few different ones, so that equal elements are frequent.
func scalars() *rapid.Generator[any] {
	return rapid.SampledFrom([]any{nil, true, "a", "b", "c", json.Number("1"), json.Number("2"), ""})
}

func values(depth int) *rapid.Generator[any] {
	if depth == 0 {
		return scalars()
	}
	keys := rapid.SampledFrom([]string{"a", "b", "id", "name"})
	return rapid.OneOf(scalars(),
		rapid.Map(rapid.MapOfN(keys, values(depth-1), 0, 4), func(m map[string]any) any { return m }),
		rapid.Map(rapid.SliceOfN(values(depth-1), 0, 5), func(l []any) any { return l }))
}

func objects() *rapid.Generator[map[string]any] {
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), values(3), 0, 4)
}

func marshal(t *rapid.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func splitOf(t *rapid.T, before, after any) []model.Attribute {
	change := fmt.Sprintf(`{"actions":["update"],"before":%s,"after":%s,"after_unknown":{}}`, marshal(t, before), marshal(t, after))
	ws, err := planjson.Decode(strings.NewReader(planOf(change)), new(secret.Set))
	if err != nil {
		t.Fatal(err)
	}
	return ws.Changes[0].Attributes
}

// TestSplitTellsEverythingThatChanges: the leaves before, without what the
// attributes say was, with what they say will be, are the leaves after.
func TestSplitTellsEverythingThatChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := objects().Draw(t, "before"), objects().Draw(t, "after")
		attributes := splitOf(t, before, after)
		was, will := leaves(before), leaves(after)
		for _, a := range attributes {
			if a.Before != nil {
				was[erase(a.Path)+"="+string(a.Before)]--
			}
			if a.After != nil {
				was[erase(a.Path)+"="+string(a.After)]++
			}
			if a.Before == nil && a.After == nil || bytes.Equal(a.Before, a.After) {
				t.Errorf("%s says nothing: %s -> %s", a.Path, a.Before, a.After)
			}
		}
		if got, want := lines(was), lines(will); got != want {
			t.Errorf("before %s\nafter  %s\nattributes %+v\nthese make\n%s\nnot\n%s", marshal(t, before), marshal(t, after), attributes, got, want)
		}
	})
}

// lines lists leaves, without emptied and empty containers: an attribute names
// a container only where it has nothing in it on one side.
func lines(leaves map[string]int) string {
	maps.DeleteFunc(leaves, func(leaf string, n int) bool {
		return n == 0 || strings.HasSuffix(leaf, "={}") || strings.HasSuffix(leaf, "=[]")
	})
	var out []string
	for _, leaf := range slices.SortedFunc(maps.Keys(leaves), cmp.Compare[string]) {
		out = append(out, fmt.Sprint(leaf, " ", leaves[leaf]))
	}
	return strings.Join(out, "\n")
}

// TestSplitNeedsAReason: nothing is told of two equal values, something of any
// two that differ by more than nulls.
func TestSplitNeedsAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := objects().Draw(t, "before")
		if got := splitOf(t, before, before); len(got) > 0 {
			t.Errorf("nothing changes, but %+v", got)
		}
		after := objects().Draw(t, "after")
		differ := marshal(t, withoutNulls(before)) != marshal(t, withoutNulls(after))
		if told := len(splitOf(t, before, after)) > 0; differ != told {
			t.Errorf("%s -> %s: differ %v, told %v", marshal(t, before), marshal(t, after), differ, told)
		}
	})
}

func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, member := range v {
			if member != nil {
				out[key] = withoutNulls(member)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutNulls(v[i])
		}
		return out
	}
	return v
}

// TestSplitInsertsOne: one element put into a list of distinct ones is all that
// is told.
func TestSplitInsertsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		at := rapid.IntRange(0, n).Draw(t, "at")
		var before []any
		for i := range n {
			before = append(before, map[string]any{"port": i, "cidr": "10.0.0.0/8"})
		}
		after := slices.Insert(slices.Clone(before), at, any(map[string]any{"port": 999}))
		got := splitOf(t, map[string]any{"rule": append([]any{}, before...)}, map[string]any{"rule": after})
		if len(got) != 1 || got[0].Path != fmt.Sprintf("rule[%d].port", at) || string(got[0].After) != "999" {
			t.Errorf("got %+v", got)
		}
	})
}

// TestSplitLongLists: lists too long to look for an order take no time, and
// still tell what differs and nothing else.
func TestSplitLongLists(t *testing.T) {
	const n = 20_000
	var before, after []string
	for i := range n {
		before = append(before, fmt.Sprintf(`{"id":%d,"v":1}`, i))
		after = append(after, fmt.Sprintf(`{"id":%d,"v":%d}`, n-1-i, 1+(n-1-i)%1000/999))
	}
	ws := decode(t, planOf(`{"actions":["update"],"before":{"l":[`+strings.Join(before, ",")+`]},"after":{"l":[`+strings.Join(after, ",")+`]}}`))
	if got := len(ws.Changes[0].Attributes); got != n/1000 {
		t.Errorf("got %d attributes, want %d", got, n/1000)
	}
}

// TestSplitBoundsPaths: deep nesting under long names can't make the paths, in
// which each name comes once for each leaf below it, many times the plan.
func TestSplitBoundsPaths(t *testing.T) {
	const levels = 500
	name := strings.Repeat("k", 20_000)
	value := strings.Repeat(`{"x":1,"`+name+`":`, levels) + "1" + strings.Repeat("}", levels)
	ws := decode(t, planOf(`{"actions":["create"],"before":null,"after":`+value+`}`))
	sum := 0
	for _, a := range ws.Changes[0].Attributes {
		sum += len(a.Path)
	}
	if sum == 0 || sum > 20*len(value) {
		t.Errorf("a value of %d bytes has paths of %d", len(value), sum)
	}
}
