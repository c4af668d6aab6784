package model

// HasDrift reports whether anything changed outside Terraform: resources, and
// in the report of a drift check root outputs, which follow them there.
func (r *Report) HasDrift() bool {
	return r.Summary.Drift > 0 || r.Kind == KindDrift && r.Summary.Output > 0
}
