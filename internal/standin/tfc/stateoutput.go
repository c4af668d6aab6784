package tfc

import (
	"strconv"
)

// stateOutput is an output of a state version.
type stateOutput struct {
	version  *StateVersion
	id, name string
}

func (o *stateOutput) key() string       { return o.id }
func (o *stateOutput) scope() *Workspace { return o.version.ws }

func (o *stateOutput) show(*call) resource {
	content := o.version.head.Outputs[o.name]
	value := content.Value
	if content.Sensitive {
		value = nil // given out by the output's own address only
	}
	kind, _ := content.Type.(string)
	if kind == "" {
		kind = "array"
		if _, ok := content.Value.(map[string]any); ok {
			kind = "object"
		}
	}
	return resource{
		ID: o.id, Type: "state-version-outputs",
		Attributes: attrs{
			"name": o.name, "sensitive": content.Sensitive, "type": kind, "value": value, "detailed-type": content.Type,
		},
		Links: attrs{"self": "/api/v2/state-version-outputs/" + o.id},
	}
}

func (c *call) listStateOutputs() (answer, error) {
	v, err := find[*StateVersion](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return list(c, v.outputs, true)
}

// listResources shows the current state's instances: addresses without cloud ids.
func (c *call) listResources() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	var out []*stateInstance
	if v := w.state(); v != nil {
		for _, r := range v.head.Resources {
			for i := range r.Instances {
				if r.Mode == "managed" {
					out = append(out, &stateInstance{v, r, i})
				}
			}
		}
	}
	return list(c, out, true)
}

// stateInstance is one instance of a resource in a state.
type stateInstance struct {
	version  *StateVersion
	resource stateResource
	index    int
}

func (i *stateInstance) key() string {
	return "wsr-" + i.version.id + "-" + i.resource.Type + "." + i.resource.Name + "-" + strconv.Itoa(i.index)
}
func (i *stateInstance) scope() *Workspace { return i.version.ws }

func (i *stateInstance) show(*call) resource {
	r, index := i.resource, any(nil)
	address, module := r.Type+"."+r.Name, "root"
	if r.Module != "" {
		address, module = r.Module+"."+address, r.Module
	}
	if instance, ok := r.Instances[i.index].(map[string]any); ok {
		switch k := instance["index_key"].(type) {
		case string:
			address, index = address+"["+strconv.Quote(k)+"]", k
		case float64:
			index = strconv.Itoa(int(k))
			address += "[" + strconv.Itoa(int(k)) + "]"
		}
	}
	at := stamp(i.version.created)
	return resource{ID: i.key(), Type: "resources", Attributes: attrs{
		"address": address, "name": r.Name, "created-at": at, "updated-at": at, "module": module,
		"provider": r.Provider, "provider-type": r.Type, "modified-by-state-version-id": i.version.id, "name-index": index,
	}}
}

// listCurrentOutputs isn't paged.
func (c *call) listCurrentOutputs() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	var outputs []*stateOutput
	if v := w.state(); v != nil {
		outputs = v.outputs
	}
	return unpaged(c, outputs)
}
