package model

// Merge adds o's counters to s.
func (s *Summary) Merge(o Summary) {
	theirs := o.fields()
	for i, c := range s.fields() {
		*c.Count += *theirs[i].Count
	}
}

// Counter is one counter of a summary with its published name.
type Counter struct {
	Name  string
	Count *int
}

// Counters returns the counters in the order of the published report; their
// names are also those of the action's outputs.
func (s Summary) Counters() []Counter { return s.fields() }

func (s *Summary) fields() []Counter {
	return []Counter{
		{"import", &s.Import}, {"add", &s.Add}, {"change", &s.Change}, {"replace", &s.Replace},
		{"destroy", &s.Destroy}, {"move", &s.Move}, {"forget", &s.Forget}, {"read", &s.Read},
		{"drift", &s.Drift}, {"output", &s.Output}, {"deferred", &s.Deferred}, {"action", &s.Action},
		{"check_failed", &s.CheckFailed}, {"policy_failed", &s.PolicyFailed}, {"ignored", &s.Ignored},
	}
}

// HasChanges reports whether an apply would change anything: a resource, an
// output, an import, a move, a forget or a deferred change. Reading data alone
// changes nothing.
func (s *Summary) HasChanges() bool {
	return s.Import+s.Add+s.Change+s.Replace+s.Destroy+s.Move+s.Forget+s.Output+s.Deferred+s.Action > 0
}

// Count counts a workspace's findings into its Summary.
func (w *Workspace) Count() {
	s := Summary{Drift: len(w.Drift), Output: len(w.Outputs), Deferred: len(w.Deferred),
		Action: len(w.Actions), Ignored: len(w.Ignored)}
	for i := range w.Changes {
		c := &w.Changes[i]
		if c.Import != nil {
			s.Import++
		}
		if c.PreviousAddress != "" {
			s.Move++
		}
		switch c.Action {
		case ActionCreate:
			s.Add++
		case ActionUpdate:
			s.Change++
		case ActionReplace, ActionReplaceForget:
			s.Replace++
		case ActionDelete:
			s.Destroy++
		case ActionForget:
			s.Forget++
		case ActionRead:
			s.Read++
		}
	}
	for i := range w.Checks {
		if w.Checks[i].Failed() {
			s.CheckFailed++
		}
	}
	for i := range w.Policies {
		if w.Policies[i].Failed() {
			s.PolicyFailed++
		}
	}
	w.Summary = s
}
