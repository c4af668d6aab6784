package details

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
	"github.com/strandline-tf/strandline/internal/secret"
)

// sensitiveTable has a line for each type with attributes that its provider
// marks sensitive or write-only: their paths, without indexes. The top-level
// ones of hashicorp/aws are those for which pulumi-aws 7.51 names secret
// outputs, which it takes over from the provider's schema; the nested ones are
// those whose arguments it wraps as secret, or that the provider's source marks.
// Those of other providers are from pulumi-random, -tls, -azure and -gcp and
// the source of hashicorp/kubernetes; of google, azurerm and others only some
// that their names don't give away.
//
//go:embed sensitive.tsv
var sensitiveTable string

// marked is sensitiveTable by type. It is part of the program, so that it can
// be read is for the tests to hold.
var marked = sync.OnceValue(func() map[string][][]string {
	out := map[string][][]string{}
	for line := range strings.Lines(sensitiveTable) {
		typ, paths, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for _, path := range strings.Fields(paths) {
			out[typ] = append(out[typ], strings.Split(path, "."))
		}
	}
	return out
})

// Secret says which top-level attributes of a resource hold secrets, and which
// texts these are, of a source that marks nothing: what the table of sensitive
// attributes names, and, but for the types of AWS that importid knows, what has
// the name of a secret (see secretName and secretTypes). An attribute is named for what lies
// anywhere within it, but its values are only those that are secret themselves.
// One without a value holds no secret.
func Secret(typ string, attributes model.Value) (names, values []string) {
	paths, byName := marked()[typ], goesByName(typ)
	if len(paths) == 0 && (!byName || !isSecretType(typ) && !strings.HasPrefix(typ, vault) && !hasSecretName(attributes)) {
		return nil, nil
	}
	in := json.NewDecoder(bytes.NewReader(attributes))
	in.UseNumber()
	var members map[string]any
	if in.Decode(&members) != nil {
		return nil, nil
	}
	return secretIn(typ, members)
}

// secretIn is Secret of what is decoded.
func secretIn(typ string, members map[string]any) (names, values []string) {
	found := map[string]bool{}
	add := func(name string, all []finding, spread bool) {
		for _, f := range all {
			found[name] = true
			if spread && f.spreads() {
				values = append(values, f.text)
			}
		}
	}
	for _, path := range marked()[typ] {
		add(path[0], along(members[path[0]], path, nil), !isPlain(typ, members))
	}
	if goesByName(typ) {
		for name, v := range members {
			if slices.Contains(userNamed, name) {
				continue
			}
			p := place{typ: typ, secret: isContent(typ, name)}
			p.every = p.secret && !contents[name] // whatever the names in it say, and its own
			add(name, named(name, v, members, p, nil), true)
		}
	}
	slices.Sort(values)
	return slices.Sorted(maps.Keys(found)), slices.Compact(values)
}

// goesByName reports whether names of attributes count for a type: the table
// has all that the provider marks of the types of AWS that are matched.
func goesByName(typ string) bool {
	if !strings.HasPrefix(typ, "aws_") {
		return true
	}
	_, known := importid.Lookup(typ)
	return !known
}

// along appends the texts in v, which path begins with, that the rest of path
// leads to, through every element of lists on the way. A text on the way, as a
// document in JSON is, can't be looked into and counts as a whole.
func along(v any, path []string, to []finding) []finding {
	if len(path) == 1 {
		return within(v, isPassword(path[0]), to)
	}
	switch v := v.(type) {
	case string:
		if v != "" {
			to = append(to, finding{text: v, marked: true})
		}
	case []any:
		for _, e := range v {
			to = along(e, path, to)
		}
	case map[string]any:
		to = along(v[path[1]], path[1:], to)
	}
	return to
}

// within appends all texts in v, which the table marks.
func within(v any, strict bool, to []finding) []finding {
	switch v := v.(type) {
	case string:
		if v != "" && v != "0" {
			to = append(to, finding{v, true, strict})
		}
	case json.Number:
		if v != "0" {
			to = append(to, finding{v.String(), true, strict})
		}
	case []any:
		for _, e := range v {
			to = within(e, strict, to)
		}
	case map[string]any:
		for name, e := range v {
			to = within(e, strict || isPassword(snake(name)), to)
		}
	}
	return to
}

// isPlain reports whether AWS itself shows the value to whoever may see the
// object. Parameters of these types hold ids and settings that stand all over
// the configuration: they are left out, as Terraform marks them, but are not
// withheld elsewhere.
func isPlain(typ string, members map[string]any) bool {
	return typ == "aws_ssm_parameter" && (members["type"] == "String" || members["type"] == "StringList")
}

// WithholdKnown takes out of o, as Withhold does, what Secret names, in its
// attributes and in its configuration. Only the secret values become secret,
// not what stands beside them in the same attribute.
func WithholdKnown(o *model.Object, secrets *secret.Set) {
	names, values := Secret(o.Type, o.Attributes)
	more, also := secretConfig(o.Type, o.Config)
	if names = append(names, more...); len(names) > 0 {
		secrets.Add(append(values, also...)...)
		LeaveOut(o, names)
	}
}
