package prove

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// findings are what one plan says about what is adopted.
type findings struct {
	imports   int // imported, and nothing else
	changes   []model.Change
	missing   []string                // addresses that a whole plan doesn't speak of, sorted
	deferred  []string                // addresses that Terraform postponed
	faults    []fault                 // errors about what is adopted, in Terraform's order
	foreign   []model.Diagnostic      // errors about the workspace's own configuration
	lost      []model.Diagnostic      // errors that don't say what they are about
	generated map[string]string       // configuration by address
	unwritten []string                // addresses that have no configuration yet, sorted
	ours      map[string]model.Change // by address
	written   blocks                  // what was planned
	elsewhere map[string]string       // why what is imported isn't what was to be, by address
	pending   int
	broken    bool // there is no plan, or only a part of one
	redacted  bool
}

// fault is an error about an adopted resource.
type fault struct {
	address string
	path    string // of the argument, as in model.Attribute; "" where it isn't known
	within  bool   // it is about the resource block
	said    model.Diagnostic

	importing bool // it points into the import block
}

func (f *findings) clean() bool {
	return !f.broken && len(f.changes)+len(f.missing)+len(f.deferred)+len(f.faults)+len(f.foreign)+len(f.lost)+len(f.unwritten) == 0
}

// unexplained reports whether a plan failed without saying on what.
func (f *findings) unexplained() bool {
	return f.broken && len(f.faults)+len(f.foreign) == 0
}

// judge reads what came of planning files.
func (v *verifier) judge(out Outcome, files map[string][]byte) *findings {
	f := &findings{generated: map[string]string{}, ours: map[string]model.Change{}, broken: out.Plan == nil || out.Plan.Errored}
	f.written = readBlocks(files)
	adopted := map[string]bool{}
	for _, a := range v.batch.Resources() {
		adopted[a.Address] = true
		if a.NeedsConfig {
			f.unwritten = append(f.unwritten, a.Address)
		}
	}
	for _, d := range out.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		at, known := f.written.locate(d, adopted)
		switch {
		case known:
			f.faults = append(f.faults, at)
		case d.Address != "" || d.File != "":
			f.foreign = append(f.foreign, d)
		default:
			f.lost = append(f.lost, d)
		}
	}
	f.broken = f.broken || len(f.faults)+len(f.foreign)+len(f.lost) > 0
	for _, block := range readBlocks(map[string][]byte{"": out.Generated}) {
		if adopted[block.address] {
			f.generated[block.address] = block.text
		}
	}
	if out.Plan != nil {
		f.plan(out.Plan, adopted)
	}
	f.elsewhere = v.elsewhere(f)
	if f.broken {
		return f
	}
	for _, a := range v.batch.Resources() {
		if _, told := f.ours[a.Address]; !told && !slices.Contains(f.deferred, a.Address) {
			f.missing = append(f.missing, a.Address)
		}
	}
	return f
}

// plan reads the changes of a plan.
func (f *findings) plan(w *model.Workspace, adopted map[string]bool) {
	f.redacted = w.Redacted
	for _, c := range w.Changes {
		if c.GeneratedConfig != "" && adopted[c.Address] {
			f.generated[c.Address] = c.GeneratedConfig
		}
		switch {
		case c.GeneratedConfig != "" && c.Import == nil && w.Errored:
			continue // so a plan tells of what it could not import as it generated it
		case !adopted[c.Address] || c.Deposed != "":
			if c.Action != model.ActionRead {
				f.pending++
			}
			continue
		case c.Action == model.ActionNoOp && c.Import != nil:
			f.imports++
		default:
			f.changes = append(f.changes, c)
		}
		f.ours[c.Address] = c
	}
	for _, d := range w.Deferred {
		if adopted[d.Address] {
			f.deferred = append(f.deferred, d.Address)
		}
	}
}

// count takes over what the last plan does.
func (r *Result) count(f *findings) {
	r.Import, r.Add, r.Change, r.Replace, r.Destroy, r.Pending, r.Differs = f.imports, 0, 0, 0, 0, f.pending, nil
	for _, c := range f.changes {
		if c.Import != nil {
			r.Import++
		}
		switch c.Action {
		case model.ActionCreate:
			r.Add++
		case model.ActionUpdate:
			r.Change++
		case model.ActionReplace, model.ActionReplaceForget:
			r.Replace++
		case model.ActionDelete:
			r.Destroy++
		}
		r.Differs = append(r.Differs, Difference{Address: c.Address, Action: c.Action, Attributes: c.Attributes})
	}
	for _, address := range f.missing {
		r.Differs = append(r.Differs, Difference{Address: address, Action: model.ActionNoOp})
	}
	for _, address := range f.deferred {
		r.Differs = append(r.Differs, Difference{Address: address, Action: "deferred"})
	}
}
