package model

// What Terraform will do with a resource.
const (
	ActionNoOp          = "no_op" // only an import or a move
	ActionCreate        = "create"
	ActionRead          = "read"
	ActionUpdate        = "update"
	ActionDelete        = "delete"
	ActionReplace       = "replace"
	ActionForget        = "forget"
	ActionReplaceForget = "replace_forget" // a new object is made, the old one lives on unmanaged
)

// The order of a replacement.
const (
	DeleteFirst = "delete_first"
	CreateFirst = "create_first"
)

// Change is one element of a plan's resource_changes (or, within Drift and
// Deferred, of those lists) that changes something. See
// https://developer.hashicorp.com/terraform/internals/json-format#change-representation
type Change struct {
	Address         string  `json:"address"`
	PreviousAddress string  `json:"previous_address,omitempty"`
	Module          string  `json:"module,omitempty"` // module address, "" for the root
	Mode            string  `json:"mode"`             // managed | data
	Type            string  `json:"type"`
	Name            string  `json:"name"`
	Index           Value   `json:"index,omitzero"` // a string or a number
	IndexUnknown    bool    `json:"index_unknown,omitempty"`
	Provider        string  `json:"provider,omitempty"`
	Action          string  `json:"action"`
	Order           string  `json:"order,omitempty"`
	Reason          string  `json:"reason,omitempty"` // Terraform's own word
	ReasonText      string  `json:"reason_text,omitempty"`
	Deposed         string  `json:"deposed,omitempty"` // key of the deposed object
	Import          *Import `json:"import,omitempty"`
	GeneratedConfig string  `json:"generated_config,omitempty"` // HCL

	// Attributes are the leaves that change, sorted by path in the order of
	// the value: containers are split as far as they go, so that a leaf is a
	// scalar, an empty container, or a whole that is sensitive or unknown.
	Attributes []Attribute `json:"attributes"`

	// Unchanged are some of the leaves that stay as they are, in the order of
	// Attributes: those beside a changed one in the same element of a list, and
	// those that tell what a resource is and does (its name, a rule's
	// direction). None is sensitive, null or empty.
	Unchanged []Leaf `json:"unchanged,omitempty"`
}

// Leaf is a value at a path, spelled as in Attribute.
type Leaf struct {
	Path  string `json:"path"`
	Value Value  `json:"value"`
}

// Import says that an existing object is brought in.
type Import struct {
	ID       string `json:"id,omitempty"`
	Identity Value  `json:"identity,omitzero"` // an object
	Unknown  bool   `json:"unknown"`           // the id is known only during apply
}

// Attribute is one leaf that changes.
type Attribute struct {
	Path              string `json:"path"` // as in HCL: tags.Env, tags["a b"], ingress[0].from_port
	Before            Value  `json:"before,omitzero"`
	After             Value  `json:"after,omitzero"`
	Unknown           bool   `json:"unknown"`   // known after apply; then After is absent
	Sensitive         bool   `json:"sensitive"` // then Before and After are absent
	ForcesReplacement bool   `json:"forces_replacement"`

	// Null says that where Before or After is absent, the plan has a null: an
	// argument that is unset, not a key that a map lacks.
	Null bool `json:"-"`

	// Element is the path of the list element, map or object that the leaf lies
	// in and that as a whole comes or goes; of several within each other, the
	// outermost. "" where what the leaf lies in stays, where the whole resource
	// comes or goes, and for what comes or goes but holds no leaves of its own.
	Element string `json:"element,omitempty"`
}

// Drift is a change that happened outside Terraform.
type Drift struct {
	Change
	// AffectsPlan says whether the plan depends on it; nil where a
	// refresh-only plan can't tell.
	AffectsPlan *bool        `json:"affects_plan"`
	FirstSeen   string       `json:"first_seen,omitempty"` // a day, 2006-01-02, UTC
	LastSeen    string       `json:"last_seen,omitempty"`  // the same
	Suggestions []Suggestion `json:"suggestions"`
}

// Deferred is a change that Terraform postponed to a later plan.
type Deferred struct {
	Change
	DeferredReason     string `json:"deferred_reason"`
	DeferredReasonText string `json:"deferred_reason_text,omitempty"`
}

// Output is a change of a root output. Attributes split Before and After as a
// resource's are split, with paths that begin with the output's name.
type Output struct {
	Name       string      `json:"name"`
	Action     string      `json:"action"` // create | update | delete | no_op never
	Before     Value       `json:"before,omitzero"`
	After      Value       `json:"after,omitzero"`
	Sensitive  bool        `json:"sensitive"`
	Unknown    bool        `json:"unknown"` // wholly or in part known after apply
	Attributes []Attribute `json:"attributes"`
	FirstSeen  string      `json:"first_seen,omitempty"` // of drift: a day, 2006-01-02, UTC
	LastSeen   string      `json:"last_seen,omitempty"`  // the same
}

// Action is an action invocation, immediate or deferred.
type Action struct {
	Address        string `json:"address"`
	Type           string `json:"type"`
	Name           string `json:"name,omitempty"`
	Trigger        string `json:"trigger,omitempty"` // address of the resource whose change triggers it; "" when invoked directly
	Event          string `json:"event,omitempty"`   // BeforeCreate, AfterUpdate, …
	OnFailure      string `json:"on_failure,omitempty"`
	Config         Value  `json:"config,omitzero"` // an object; sensitive and unknown leaves left out
	DeferredReason string `json:"deferred_reason,omitempty"`
}

// Check is a check block, precondition, postcondition or variable validation
// with all its instances folded into one.
type Check struct {
	Address  string   `json:"address"`
	Kind     string   `json:"kind,omitempty"` // check | resource | output_value | var
	Status   string   `json:"status"`         // pass | fail | error | unknown
	Problems []string `json:"problems"`
}

// Failed reports whether the check counts as failed.
func (c *Check) Failed() bool { return c.Status == "fail" || c.Status == "error" }
