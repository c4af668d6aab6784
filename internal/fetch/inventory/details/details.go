// Package details fills in what an inventory's attributes tell of an object
// (its id, ARN, name, tags, account and region) and takes secrets out of it.
//
// Before it come the sources that get attributes by the names of a provider's
// schema: tfquery, terraformer and file. After it comes the object as package
// match and the suggestions want it.
package details

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// Fill sets of o what is not set and what attributes, a JSON object by the
// names of the provider's schema, and o.Identity tell. Where the import id
// isn't the attribute id, that goes to o.Aliases.
func Fill(o *model.Object, attributes model.Value) {
	all, identity := Members(attributes), Members(o.Identity)
	get := func(name string) (string, bool) {
		if s, ok := scalar(all[name]); ok {
			return s, true
		}
		return scalar(identity[name])
	}
	text := func(name string) string {
		s, _ := get(name)
		return s
	}
	fillID(o, get)
	set(&o.ARN, text("arn"))
	if part := strings.SplitN(text("id"), ":", 6); o.ARN == "" && len(part) == 6 && part[0] == "arn" {
		o.ARN = text("id")
	}
	set(&o.Name, text("name"))
	if o.Tags == nil {
		for _, name := range []string{"tags_all", "tags", "labels"} { // tags_all has those that the provider adds by default, too
			if o.Tags = tags(all[name]); o.Tags != nil {
				break
			}
		}
	}
	set(&o.Name, o.Tags["Name"])
	for _, from := range []map[string]json.RawMessage{identity, all} {
		for _, name := range []string{"account_id", "owner_id", "project", "subscription_id"} {
			s, _ := scalar(from[name])
			set(&o.Account, s)
		}
		for _, name := range []string{"region", "location"} {
			s, _ := scalar(from[name])
			set(&o.Region, s)
		}
	}
	// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
	if part := strings.SplitN(o.ARN, ":", 6); len(part) == 6 {
		set(&o.Region, part[3])
		set(&o.Account, part[4])
	}
}

// fillID sets o.ID to what an import block takes, as far as that is known.
func fillID(o *model.Object, get func(attribute string) (string, bool)) {
	id, _ := get("id")
	if o.ID == "" {
		o.ID = id
		if row, known := importid.Lookup(o.Type); known {
			if made, ok := row.FromState(get); ok && made != "" {
				o.ID = made
			}
		}
	}
	if id != "" && id != o.ID {
		o.Aliases = append(o.Aliases, id)
	}
}

func set(field *string, to string) {
	if *field == "" {
		*field = to
	}
}

// Members returns the members of a JSON object, nil where v is none.
func Members(v model.Value) map[string]json.RawMessage {
	var out map[string]json.RawMessage
	if json.Unmarshal(v, &out) != nil {
		return nil
	}
	return out
}

// Object is the opposite of Members.
func Object(members map[string]json.RawMessage) model.Value {
	out, err := json.Marshal(members)
	if err != nil { // they were read as JSON
		return nil
	}
	return out
}

// scalar returns a string, number or boolean as text.
func scalar(v json.RawMessage) (string, bool) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 {
		return "", false
	}
	switch v[0] {
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return s, err == nil
	case 'n', '{', '[':
		return "", false
	}
	return string(v), true
}

// tags returns a map of texts, nil where v is none or empty.
func tags(v json.RawMessage) map[string]string {
	var out map[string]string
	for name, value := range Members(v) {
		if s, ok := scalar(value); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = s
		}
	}
	return out
}
