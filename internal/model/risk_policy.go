package model

import (
	"encoding/json"
	"slices"
)

// statement is one statement of an AWS policy document. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type statement struct {
	Effect    string
	Action    oneOrMany
	Resource  oneOrMany
	Principal principal
	Condition json.RawMessage
}

// oneOrMany is a string or a list of strings.
type oneOrMany []string

// UnmarshalJSON takes either form; anything else counts as nothing, since a
// document that can't be understood must not be judged.
func (o *oneOrMany) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	var many []string
	if json.Unmarshal(b, &many) == nil {
		*o = many
	}
	return nil
}

// principal is "*", or lists of principals by kind.
type principal struct{ everybody bool }

// UnmarshalJSON takes either form, as oneOrMany's does.
func (p *principal) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		p.everybody = one == "*"
		return nil
	}
	var byKind map[string]oneOrMany
	if json.Unmarshal(b, &byKind) == nil {
		p.everybody = slices.Contains(byKind["AWS"], "*")
	}
	return nil
}

// policyRisks returns what the policy document after allows to everybody, or
// of everything, that the one before did not.
func policyRisks(before, after string) []Risk {
	had := judgePolicy(before)
	var out []Risk
	for _, r := range judgePolicy(after) {
		if !slices.Contains(had, r) {
			out = append(out, r)
		}
	}
	return out
}

func judgePolicy(document string) []Risk {
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &doc) != nil || doc.Statement == nil {
		return nil
	}
	var statements []statement
	if json.Unmarshal(doc.Statement, &statements) != nil {
		var one statement
		if json.Unmarshal(doc.Statement, &one) != nil {
			return nil
		}
		statements = []statement{one}
	}
	var out []Risk
	add := func(kind, message string) {
		if r := (Risk{Kind: kind, Message: message, Brief: message}); !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, s := range statements {
		if s.Effect != "Allow" {
			continue
		}
		if slices.Contains(s.Action, "*") || slices.Contains(s.Action, "*:*") {
			if slices.Contains(s.Resource, "*") {
				add(RiskWildcard, "allows every action on every resource (Action * on Resource *)")
			} else {
				add(RiskWildcard, "allows every action (Action *)")
			}
		}
		// With a condition, who is meant can't be told from here.
		if s.Principal.everybody && len(s.Condition) == 0 {
			add(RiskPublicAccess, "lets everybody in (Principal *)")
		}
	}
	return out
}
