package tfc

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Workspace is a workspace.
type Workspace struct {
	org        *Org
	id, name   string
	project    *Project
	created    time.Time
	tags       []string
	bindings   map[string]string
	repository string
	workingDir string
	version    string
	variables  []*Variable
	assess     bool
	execution  string // remote, agent or local
	locked     bool
	lockReason string

	runs       []*Run // oldest first
	queries    []*queryRun
	configs    []*configVersion
	states     []*StateVersion // oldest first
	assessment *Assessment     // the newest, done or still under way
	assessed   *Assessment     // the newest that is done
}

// WorkspaceOption sets something on a new workspace.
type WorkspaceOption func(*Workspace)

// InProject puts the workspace into a project, made where there is none.
func InProject(name string) WorkspaceOption {
	return func(w *Workspace) { w.project = w.org.project(name) }
}

// Tags sets flat tag names.
func Tags(names ...string) WorkspaceOption {
	return func(w *Workspace) { w.tags = append(w.tags, names...) }
}

// TagBindings sets key-value tags.
func TagBindings(pairs map[string]string) WorkspaceOption {
	return func(w *Workspace) { maps.Copy(w.bindings, pairs) }
}

// Repository connects the workspace to a VCS repository ("owner/name").
func Repository(identifier string) WorkspaceOption {
	return func(w *Workspace) { w.repository = identifier }
}

// WorkingDirectory is where in a configuration Terraform runs.
func WorkingDirectory(path string) WorkspaceOption {
	return func(w *Workspace) { w.workingDir = path }
}

// TerraformVersion is the version that the workspace says it uses.
func TerraformVersion(v string) WorkspaceOption {
	return func(w *Workspace) { w.version = v }
}

// Assessments switches health assessments on.
func Assessments() WorkspaceOption {
	return func(w *Workspace) { w.assess = true }
}

// Locked locks the workspace, as its owner did, for a reason (which may be empty).
func Locked(reason string) WorkspaceOption {
	return func(w *Workspace) { w.locked, w.lockReason = true, reason }
}

// ExecutionMode is where Terraform runs: remote (the default), agent or local.
func ExecutionMode(mode string) WorkspaceOption {
	return func(w *Workspace) { w.execution = mode }
}

// Workspace returns the workspace of that name, which it makes, with these
// options, where there is none.
func (o *Org) Workspace(name string, opts ...WorkspaceOption) *Workspace {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	return o.workspace(name, opts...)
}

func (o *Org) workspace(name string, opts ...WorkspaceOption) *Workspace {
	for _, w := range o.workspaces {
		if w.name == name {
			return w
		}
	}
	w := &Workspace{
		org: o, id: o.s.newID("ws"), name: name, project: o.projects[0],
		created: o.s.opts.Clock(), bindings: map[string]string{}, version: defaultVersion, execution: "remote",
	}
	for _, opt := range opts {
		opt(w)
	}
	o.workspaces = append(o.workspaces, w)
	o.s.add(w)
	return w
}

// defaultVersion is the Terraform version of workspaces that name none.
const defaultVersion = "1.11.4"

// Delete deletes the workspace.
func (w *Workspace) Delete() {
	w.org.s.mu.Lock()
	defer w.org.s.mu.Unlock()
	w.org.workspaces = slices.DeleteFunc(w.org.workspaces, func(o *Workspace) bool { return o == w })
	delete(w.org.s.entities, w.id)
}

// ID is the workspace's id ("ws-…").
func (w *Workspace) ID() string { return w.id }

func (w *Workspace) key() string       { return w.id }
func (w *Workspace) scope() *Workspace { return w }

func (w *Workspace) show(c *call) resource {
	admin := c.token.Role == Owner
	out := resource{
		ID: w.id, Type: "workspaces",
		Attributes: attrs{
			"name": w.name, "created-at": stamp(w.created), "updated-at": stamp(w.created), "environment": "default",
			"auto-apply": false, "locked": w.locked, "locked-reason": textOrNil(w.lockReason), "execution-mode": w.execution, "operations": w.execution != "local", "queue-all-runs": false,
			"speculative-enabled": true, "structured-run-output-enabled": !c.s.opts.PlainLogs, "terraform-version": w.version,
			"working-directory": textOrNil(w.workingDir), "resource-count": w.resourceCount(), "description": nil,
			"assessments-enabled": w.assess, "tag-names": w.tagNames(), "source": "tfe-api",
			"vcs-repo": w.vcsRepo(), "vcs-repo-identifier": textOrNil(w.repository),
			"last-assessment-result-at": w.assessedAt(c.s.opts.Clock()), "actions": attrs{"is-destroyable": admin},
			"permissions": attrs{
				"can-update": admin, "can-destroy": admin, "can-queue-run": admin, "can-queue-apply": admin, "can-read-run": true,
				"can-read-state-versions": true, "can-read-state-outputs": true, "can-read-settings": true,
				"can-read-variable": true, "can-read-assessment-results": true, "can-manage-assessments": admin,
			},
		},
		Relationships: attrs{
			"organization":           one("organizations", w.org.name),
			"project":                one("projects", w.project.id),
			"current-run":            one("runs", w.currentRun()),
			"latest-run":             one("runs", w.latestRun()),
			"current-state-version":  one("state-versions", keyOf(w.state())),
			"locked-by":              one("users", w.lockedBy()),
			"effective-tag-bindings": many("effective-tag-bindings", w.effectiveBindings()),
		},
		Links: attrs{"self": "/api/v2/organizations/" + w.org.name + "/workspaces/" + w.name},
	}
	if !c.s.opts.NoAssessments {
		out.Relationships["current-assessment-result"] = one("assessment-results", keyOf(w.currentAssessment(c.s.opts.Clock())))
	}
	return out
}

// lockedBy is who holds the lock, "" for nobody.
func (w *Workspace) lockedBy() string {
	if w.locked {
		return creator
	}
	return ""
}

// keyOf is an entity's id, "" for none.
func keyOf[E interface {
	comparable
	entity
}](e E) string {
	var none E
	if e == none {
		return ""
	}
	return e.key()
}

func (w *Workspace) vcsRepo() any {
	if w.repository == "" {
		return nil
	}
	return attrs{"identifier": w.repository, "display-identifier": w.repository, "branch": "", "ingress-submodules": false}
}

// latestRun is the newest run of any kind; currentRun the newest that may apply.
func (w *Workspace) latestRun() string {
	if len(w.runs) == 0 {
		return ""
	}
	return w.runs[len(w.runs)-1].id
}

func (w *Workspace) currentRun() string {
	for _, r := range slices.Backward(w.runs) {
		if !r.spec.PlanOnly {
			return r.id
		}
	}
	return ""
}

// workspace finds the workspace that the path names, by id or by name.
func (c *call) workspace() (*Workspace, error) {
	if id := c.r.PathValue("id"); id != "" {
		return find[*Workspace](c, id)
	}
	o, err := c.organization()
	if err != nil {
		return nil, err
	}
	for _, w := range o.workspaces {
		if w.name == c.r.PathValue("workspace") && c.sees(w) {
			return w, nil
		}
	}
	return nil, errNotFound
}

func (c *call) readWorkspace() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, w)
}

func (c *call) listWorkspaces() (answer, error) {
	o, err := c.organization()
	if err != nil {
		return answer{}, err
	}
	var out []*Workspace
	for _, w := range o.workspaces {
		if c.matches(w) {
			out = append(out, w)
		}
	}
	// The service sorts by name unless asked otherwise ("-name", "current-run.created-at").
	slices.SortStableFunc(out, func(a, b *Workspace) int { return strings.Compare(a.name, b.name) })
	if c.r.URL.Query().Get("sort") == "-name" {
		slices.Reverse(out)
	}
	return list(c, out, true)
}
