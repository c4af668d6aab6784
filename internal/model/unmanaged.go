package model

// Object is one thing that exists in the cloud, as an inventory tells it.
// Type is Terraform's (aws_s3_bucket); of ID and Identity at least one is set.
// It has JSON tags for shards only; no report shows it.
type Object struct {
	Provider string            `json:"provider,omitempty"` // "aws"; for types of other publishers "namespace/type"; "" where not known
	Type     string            `json:"type"`
	ID       string            `json:"id,omitempty"`      // what an import block takes as id
	Aliases  []string          `json:"aliases,omitempty"` // other ids of the same object: the id that a state holds where that differs from ID
	Identity Value             `json:"identity,omitzero"` // a JSON object: the provider's resource identity; nil where it has none
	ARN      string            `json:"arn,omitempty"`     // "" where it has none or it isn't known
	Name     string            `json:"name,omitempty"`    // what a person calls it; may be ""
	Account  string            `json:"account,omitempty"` // AWS account id or the like
	Region   string            `json:"region,omitempty"`  // "" for what is global
	Tags     map[string]string `json:"tags,omitempty"`    // nil where not known
	Source   string            `json:"source,omitempty"`  // name of the inventory: aws, terraform-query, terraformer, file
	// Attributes is a JSON object, by the names of the provider's schema as far
	// as the source knows them; nil where it knows none. What Sensitive names
	// is not in it.
	Attributes Value `json:"attributes,omitzero"`
	// Sensitive are the names of top-level attributes that the source left out
	// of Attributes and Config because their values are secret.
	Sensitive []string `json:"sensitive,omitempty"`
	// Config is a resource block as the source wrote it, HCL; "" where it wrote none.
	Config string `json:"config,omitempty"`
}

// Managed is one instance of a managed resource in a state. Data sources
// manage nothing and are never one.
type Managed struct {
	Workspace string // as in a report: the workspace's name, or the state file's
	Address   string // of the instance, as in a plan
	Type      string
	Provider  string // registry.terraform.io/hashicorp/aws
	ID        string // the attribute id; "" where the type has none
	ARN       string // the attribute arn
	Identity  Value  // since Terraform 1.12
	// Attributes are all attributes as a JSON object. It may alias the reader's
	// buffer: whoever keeps some of it copies that.
	Attributes Value
}

// Unmanaged is an object that exists in the cloud and in no state.
type Unmanaged struct {
	Provider   string            `json:"provider,omitempty"`
	Type       string            `json:"type"`
	ID         string            `json:"id,omitempty"`
	Identity   Value             `json:"identity,omitzero"`
	Name       string            `json:"name,omitempty"`
	Account    string            `json:"account,omitempty"`
	Region     string            `json:"region,omitempty"`
	Tags       map[string]string `json:"tags,omitempty"`
	Source     string            `json:"source,omitempty"`
	FirstSeen  string            `json:"first_seen,omitempty"` // a day, 2006-01-02, UTC
	LastSeen   string            `json:"last_seen,omitempty"`  // the same; set only where it was not looked for this time
	Suggestion *Suggestion       `json:"suggestion,omitempty"`

	// Object is what the inventory told; suggestions are made from it.
	Object *Object `json:"-"`
}

// Conflict is one object that several states manage.
type Conflict struct {
	Type       string   `json:"type"`
	ID         string   `json:"id"`
	Workspaces []string `json:"workspaces"`
	FirstSeen  string   `json:"first_seen,omitempty"` // a day, 2006-01-02, UTC
}

// Coverage says how much of what exists Terraform manages.
type Coverage struct {
	Covered
	ByType      []CoveredBy `json:"by_type"`
	ByAccount   []CoveredBy `json:"by_account"`
	ByRegion    []CoveredBy `json:"by_region"`
	ByWorkspace []CoveredBy `json:"by_workspace"`
}

// Covered are the counts of a Coverage. Ignored, Unsupported and NotListed
// stand beside the percentage, never in it.
type Covered struct {
	Managed     int     `json:"managed"`     // instances in states of types that a source of this run lists
	Unmanaged   int     `json:"unmanaged"`   // objects in no state
	Ignored     int     `json:"ignored"`     // objects in no state that a pattern or a rule keeps out
	Unsupported int     `json:"unsupported"` // objects of types that no source can list
	NotListed   int     `json:"not_listed"`  // instances in states of types that no source of this run lists
	Percent     float64 `json:"percent"`     // Managed / (Managed + Unmanaged), 100 where both are 0; one decimal
}

// CoveredBy is the share of one type, account, region or workspace.
type CoveredBy struct {
	Name string `json:"name"` // "" where it isn't known
	Covered
}
