package tfc

import (
	"bytes"
	"encoding/json"
)

// redact derives the redacted form of plan JSON, which is another document than
// `terraform show -json` prints: what Terraform needs to render a plan, as the
// files in hashicorp/terraform internal/cloud/testdata/plan-json-* show. There is
// no format_version, variables, prior state or configuration; the versions are
// plan_format_version and provider_format_version, and the provider schemas ride
// along. JSON that can't be read is returned as it is.
func redact(full []byte, sensitiveOnly bool) []byte {
	var doc map[string]any
	if decode(full, &doc) != nil {
		return full
	}
	out := attrs{
		"plan_format_version":     doc["format_version"],
		"provider_format_version": "1.0",
		"provider_schemas":        schemas(doc),
		"relevant_attributes":     listOf(doc["relevant_attributes"]),
		"resource_drift":          redactAll(doc["resource_drift"], sensitiveOnly),
		"resource_changes":        redactAll(doc["resource_changes"], sensitiveOnly),
		"output_changes":          attrs{},
	}
	if outputs, ok := doc["output_changes"].(map[string]any); ok {
		for _, change := range outputs {
			redactChange(change, sensitiveOnly)
		}
		out["output_changes"] = outputs
	}
	for _, name := range []string{"deferred_changes", "action_invocations"} {
		if _, ok := doc[name]; ok {
			out[name] = redactAll(doc[name], sensitiveOnly)
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return full
	}
	return body
}

func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber() // numbers may exceed float64
	return d.Decode(into)
}

func listOf(v any) []any {
	items, _ := v.([]any)
	if items == nil {
		items = []any{}
	}
	return items
}

// redactAll redacts resource changes, and deferred ones, which hold one each.
func redactAll(v any, sensitiveOnly bool) []any {
	items := listOf(v)
	for _, item := range items {
		entry, _ := item.(map[string]any)
		if inner, ok := entry["resource_change"].(map[string]any); ok {
			entry = inner
		}
		redactChange(entry["change"], sensitiveOnly)
		if values, ok := entry["config_values"]; ok { // an action's
			entry["config_values"] = withhold(values, entry["config_sensitive"], sensitiveOnly)
		}
	}
	return items
}

func redactChange(v any, sensitiveOnly bool) {
	change, ok := v.(map[string]any)
	if !ok {
		return
	}
	for value, marks := range map[string]string{"before": "before_sensitive", "after": "after_sensitive"} {
		if _, ok := change[value]; ok {
			change[value] = withhold(change[value], change[marks], sensitiveOnly)
		}
	}
	delete(change, "generated_config")
}

// withhold puts null in the place of every value, or of those marked sensitive;
// objects and lists keep their shape.
func withhold(value, marks any, sensitiveOnly bool) any {
	if marks == true {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		inner, _ := marks.(map[string]any)
		for key := range v {
			v[key] = withhold(v[key], inner[key], sensitiveOnly)
		}
		return v
	case []any:
		inner, _ := marks.([]any)
		for i := range v {
			var mark any
			if i < len(inner) {
				mark = inner[i]
			}
			v[i] = withhold(v[i], mark, sensitiveOnly)
		}
		return v
	}
	if sensitiveOnly {
		return value
	}
	return nil
}

// schemas stands for the schemas of the providers that the plan names; their
// content is of no use to a reader of changes.
func schemas(doc map[string]any) attrs {
	out := attrs{}
	for _, item := range listOf(doc["resource_changes"]) {
		entry, _ := item.(map[string]any)
		if name, ok := entry["provider_name"].(string); ok {
			out[name] = attrs{"provider": attrs{"version": 0, "block": attrs{"description_kind": "plain"}}}
		}
	}
	return out
}
