package tfc

import "net/http"

// Variable is a workspace variable.
type Variable struct {
	Key, Value string
	// Category is "terraform" (the default) or "env".
	Category       string
	HCL, Sensitive bool
}

// Variables sets workspace variables.
func Variables(vars ...Variable) WorkspaceOption {
	return func(w *Workspace) {
		for _, v := range vars {
			if v.Category == "" {
				v.Category = "terraform"
			}
			w.variables = append(w.variables, &v)
		}
	}
}

// listVariables isn't paged. Sensitive values are never given out.
func (c *call) listVariables() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	data := []resource{}
	for _, v := range w.variables {
		value := any(v.Value)
		if v.Sensitive {
			value = nil
		}
		data = append(data, resource{
			ID: "var-" + w.id + "-" + v.Key, Type: "vars",
			Attributes: attrs{
				"key": v.Key, "value": value, "sensitive": v.Sensitive, "category": v.Category, "hcl": v.HCL,
				"created-at": stamp(w.created), "description": nil,
			},
			Relationships: attrs{"configurable": one("workspaces", w.id)},
		})
	}
	return document(http.StatusOK, data, nil), nil
}
