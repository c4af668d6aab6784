package tfc

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// StateVersion is one version of a workspace's state.
type StateVersion struct {
	ws      *Workspace
	id      string
	created time.Time
	body    []byte // state file, version 4
	head    stateHead
	outputs []*stateOutput
}

// stateHead is what the API shows of a state file.
type stateHead struct {
	Serial    int64                         `json:"serial"`
	Lineage   string                        `json:"lineage"`
	Version   int                           `json:"version"`
	Terraform string                        `json:"terraform_version"`
	Outputs   map[string]stateOutputContent `json:"outputs"`
	Resources []stateResource               `json:"resources"`
}

type stateOutputContent struct {
	Value     any  `json:"value"`
	Type      any  `json:"type"`
	Sensitive bool `json:"sensitive"`
}

type stateResource struct {
	Module    string `json:"module"`
	Mode      string `json:"mode"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Provider  string `json:"provider"`
	Instances []any  `json:"instances"`
}

// SetState gives the workspace a new state version, a state file as Terraform
// writes it. An error means that it isn't one.
func (w *Workspace) SetState(file []byte) (*StateVersion, error) {
	w.org.s.mu.Lock()
	defer w.org.s.mu.Unlock()
	return w.setState(file)
}

func (w *Workspace) setState(file []byte) (*StateVersion, error) {
	v := &StateVersion{ws: w, id: w.org.s.newID("sv"), created: w.org.s.opts.Clock(), body: file}
	if err := json.Unmarshal(file, &v.head); err != nil {
		return nil, fmt.Errorf("state of workspace %s: %w", w.name, err)
	}
	for _, name := range slices.Sorted(maps.Keys(v.head.Outputs)) {
		o := &stateOutput{version: v, id: w.org.s.newID("wsout"), name: name}
		v.outputs = append(v.outputs, o)
		w.org.s.add(o)
	}
	w.states = append(w.states, v)
	w.org.s.add(v)
	return v, nil
}

// state is the current state version, nil for none.
func (w *Workspace) state() *StateVersion {
	if len(w.states) == 0 {
		return nil
	}
	return w.states[len(w.states)-1]
}

// resourceCount counts managed instances of the current state.
func (w *Workspace) resourceCount() int {
	n := 0
	if v := w.state(); v != nil {
		for _, r := range v.head.Resources {
			if r.Mode == "managed" {
				n += len(r.Instances)
			}
		}
	}
	return n
}

// ID is the state version's id ("sv-…").
func (v *StateVersion) ID() string        { return v.id }
func (v *StateVersion) key() string       { return v.id }
func (v *StateVersion) scope() *Workspace { return v.ws }

func (v *StateVersion) show(c *call) resource {
	resources := []attrs{}
	for _, r := range v.head.Resources {
		module := "root"
		if r.Module != "" {
			module = r.Module
		}
		resources = append(resources, attrs{"name": r.Name, "type": r.Type, "count": len(r.Instances), "module": module, "provider": r.Provider})
	}
	return resource{
		ID: v.id, Type: "state-versions",
		Attributes: attrs{
			"created-at": stamp(v.created), "size": len(v.body), "hosted-state-download-url": c.base + "/api/state-versions/" + v.id + "/hosted_state",
			"hosted-json-state-download-url": nil, "hosted-state-upload-url": nil, "hosted-json-state-upload-url": nil,
			"modules": attrs{}, "providers": attrs{}, "resources": resources, "resources-processed": true, "serial": v.head.Serial,
			"state-version": v.head.Version, "status": "finalized", "terraform-version": v.head.Terraform,
			"vcs-commit-url": nil, "vcs-commit-sha": nil, "intermediate": false,
		},
		Relationships: attrs{
			"workspace":  one("workspaces", v.ws.id),
			"run":        one("runs", ""),
			"created-by": one("users", creator),
			"outputs":    many("state-version-outputs", v.outputs),
		},
		Links: attrs{"self": "/api/v2/state-versions/" + v.id},
	}
}

func (c *call) readCurrentState() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	if w.state() == nil {
		return answer{}, errNotFound
	}
	return c.single(http.StatusOK, w.state())
}

func (c *call) readState() (answer, error) {
	v, err := find[*StateVersion](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, v)
}

// listStates takes both filters, as documented.
func (c *call) listStates() (answer, error) {
	q := c.r.URL.Query()
	for _, o := range c.s.orgs {
		for _, w := range o.workspaces {
			if o.name == q.Get("filter[organization][name]") && w.name == q.Get("filter[workspace][name]") && c.sees(w) {
				return list(c, newestFirst(w.states), true)
			}
		}
	}
	return answer{}, errNotFound
}

// downloadState is the address behind hosted-state-download-url. Unlike the
// archivist's it takes a token.
func (c *call) downloadState() (answer, error) {
	v, err := find[*StateVersion](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, contentType: "application/json", body: v.body}, nil
}

func (c *call) createState() (answer, error) {
	w, err := c.workspace()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Data struct {
			Attributes struct {
				Serial  int64  `json:"serial"`
				MD5     string `json:"md5"`
				Lineage string `json:"lineage"`
				State   string `json:"state"`
				Force   bool   `json:"force"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := json.NewDecoder(c.r.Body).Decode(&body); err != nil {
		return answer{}, invalid("malformed body: %v", err)
	}
	a := body.Data.Attributes
	file, err := base64.StdEncoding.DecodeString(a.State)
	if err != nil || len(file) == 0 {
		return answer{}, invalid("state: not base64")
	}
	if sum := md5.Sum(file); hex.EncodeToString(sum[:]) != a.MD5 {
		return answer{}, invalid("md5: does not match the state")
	}
	if now := w.state(); now != nil && !a.Force && (now.head.Serial >= a.Serial || now.head.Lineage != a.Lineage) {
		return answer{}, &failure{http.StatusConflict, "serial or lineage conflicts with the current state"}
	}
	v, err := w.setState(file)
	if err != nil {
		return answer{}, invalid("%v", err)
	}
	return c.single(http.StatusCreated, v)
}
