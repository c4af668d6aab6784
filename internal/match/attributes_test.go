package match

import (
	"encoding/json"
	"testing"
)

// Whatever is read, nothing breaks, and of valid JSON each member is found as
// encoding/json finds it.
func FuzzAttributes(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1}`, ` { "a" : [1,{"b":"}\""}] , "c\\":"\\\\" ,"d":null,"e":-1.5e3}`, `{"a":`, `{"a"`, `{"a":"x`, `[1]`, ``, `{"a":}`, `{"a":{"b":[}`, `{"é":"\u00e9"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, object []byte) {
		var a attributes
		a.read(object)
		for _, v := range a.values {
			text(v)
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(object, &want) != nil || want == nil {
			return
		}
		got := map[string]string{}
		for i, raw := range a.names {
			var name string
			_ = json.Unmarshal([]byte(`"`+string(raw)+`"`), &name)
			got[name] = string(a.values[i])
		}
		for name, v := range want {
			if got[name] != string(v) {
				t.Errorf("%q: %q, want %q", name, got[name], v)
			}
		}
	})
}

// The tables can be read, and a broken line is an error and not passed over.
func TestTables(t *testing.T) {
	const head = "1\n"
	good := []string{"t", "own", "p", "", "{a|b}/{c}", ""}
	if len(knowledge().parts) < 50 || len(knowledge().rules) < 100 {
		t.Error("tables are short")
	}
	join := func(c []string) string {
		out := head
		for i, v := range c {
			if i > 0 {
				out += "\t"
			}
			out += v
		}
		return out
	}
	if _, err := readFacts(join(good), head+"t\tdefault\t@id = x\twhy", head); err != nil {
		t.Error(err)
	}
	for _, bad := range []struct{ parts, rules, ids string }{
		{join(good[:5]), head + "t\tdefault\t@id = x\twhy", head},
		{join([]string{"t", "mine", "p", "", "{a}", ""}), head + "t\tdefault\t@id = x\twhy", head},
		{join([]string{"t", "own", "p", "", "{a", ""}), head + "t\tdefault\t@id = x\twhy", head},
		{join([]string{"t", "own", "p", "", "", ""}), head + "t\tdefault\t@id = x\twhy", head},
		{join(good), head + "t\tdefault\t@id = x\t", head}, {join(good), head + "t\tnever\t@id = x\twhy", head}, {join(good), head + "t\tdefault\t@id is x\twhy", head},
		{join(good), head, head + "t\t\t{a\t\t"}, {join(good), head, head + "t\t\t\t(\t"}, {join(good), head, head + "t\t\t\t\t"}, {join(good), head, head + "t\t\t{a}\t"},
	} {
		if _, err := readFacts(bad.parts, bad.rules, bad.ids); err == nil {
			t.Errorf("%q %q %q: no error", bad.parts, bad.rules, bad.ids)
		}
	}
}
