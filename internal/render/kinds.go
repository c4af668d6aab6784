package render

// Kind says what the items of a Section are, for a format that lets its reader
// choose among them.
type Kind string

// The kinds of sections.
const (
	KindError      Kind = "error"
	KindDestroy    Kind = "destroy"
	KindReplace    Kind = "replace"
	KindForget     Kind = "forget"
	KindChange     Kind = "change"
	KindAdd        Kind = "add"
	KindMove       Kind = "move" // only imported or moved
	KindRead       Kind = "read"
	KindDeferred   Kind = "deferred"
	KindAction     Kind = "action"
	KindOutput     Kind = "output"
	KindDrift      Kind = "drift"
	KindGone       Kind = "gone" // drift: deleted outside Terraform
	KindConflict   Kind = "conflict"
	KindObject     Kind = "object" // exists in the cloud and in no state
	KindCoverage   Kind = "coverage"
	KindCheck      Kind = "check"
	KindPolicy     Kind = "policy"
	KindTask       Kind = "task"
	KindCost       Kind = "cost"
	KindWarning    Kind = "warning"
	KindSuggestion Kind = "suggestion"
	KindIgnored    Kind = "ignored"
	KindProblem    Kind = "problem"
	KindNote       Kind = "note"
)
