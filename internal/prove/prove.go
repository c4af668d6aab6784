// Package prove runs a proposal through a Planner and repairs it until the plan
// is clean: all that is adopted is imported, and nothing of it would change.
//
// Before it comes propose, whose Batch holds the import blocks and the
// configuration and can be mended; after it come render and the sinks, which
// show or write what has been proven. The planners, a local terraform and
// Terraform Cloud, are package app's: what a plan is made with is nothing to
// this package.
//
// One round is a plan and what follows from it: judge.go reads the plan,
// locate.go finds the resource and argument that a diagnostic is about,
// rules.go says what is to be done about an error and differ.go about a
// difference (lists.go, with rebuild.go and rebuild_find.go, about one in a
// list), mend.go does it, supply.go where something is missing, and provider.go
// where a provider is. What turns out to be another object than the inventory's,
// elsewhere.go leaves out. What a repair itself has broken, undo.go takes back. A
// plan that fails without a hint is taken apart in bisect.go; tell.go says what
// came of it all. The number of plans is bounded, and whatever stands in the way
// of the last one is left out.
//
// Nothing that a plan marks sensitive is ever written into the proposal, and
// what it turns out to hold of that, hide.go takes out.
package prove

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
)

// What came out of a proof; the values that a Suggestion's Verified may have.
const (
	NoChanges  = "no_changes" // the plan imports everything and changes nothing of it
	Changes    = "changes"    // the plan can be made, and would change something
	Failed     = "failed"     // no plan could be made
	Unverified = "unverified" // there was nothing to plan, or what is left was never planned as it is
)

// defaultAttempts is how many plans are made: one to see, three to repair, one
// to leave out what can't be helped.
const defaultAttempts = 5

// Planner makes a plan of a workspace's configuration with some files added or
// replaced.
type Planner interface {
	// Plan plans with files, by path relative to the folder that the workspace
	// plans in. With generate, Terraform is to write the configuration of
	// imports that have none. That a plan fails is an Outcome; an error means
	// that Terraform never came to plan.
	Plan(ctx context.Context, files map[string][]byte, generate bool) (Outcome, error)
}

// Outcome is what came of planning.
type Outcome struct {
	Plan        *model.Workspace   // as far as it went; nil where there is none
	Diagnostics []model.Diagnostic // in Terraform's own words
	Generated   []byte             // the configuration that Terraform wrote, where it isn't in Plan
}

// Options say how to prove.
type Options struct {
	Attempts int               // plans, at most; 0 means 5
	Objects  []model.Unmanaged // what was given to propose.Imports; their Suggestion tells of each by itself. May be nil
	Log      *slog.Logger      // nil: none

	// Secret reports whether a text holds what is known to be secret, which
	// may be more after each plan; nil: nothing is.
	Secret func(text string) bool
}

// Result is what a proof came to.
type Result struct {
	Status string // NoChanges, Changes, Failed or Unverified
	Why    string // in words: what the plan does, what differs or why it failed
	Plans  int    // how many were made

	// What the last plan does with what is adopted.
	Import, Add, Change, Replace, Destroy int
	// Pending is how many changes to other addresses the last plan has. They
	// were there before, and are left alone.
	Pending int

	Differs []Difference     // what would still change, by address
	Left    []Left           // what the proof took out of the proposal, by address
	Repairs []string         // what was done, in words and in order
	Plan    *model.Workspace // the last plan; nil where there is none
}

// Difference is an adopted resource that the plan would change.
type Difference struct {
	Address    string
	Action     string // as in model.Change
	Attributes []model.Attribute
}

// Left is a resource that was taken out of the proposal.
type Left struct{ Address, Why string }

// Verify plans what b adopts, repairs b by what the plan says, and plans again
// until the plan is clean or all attempts are used up. b is then as it was
// planned last, and the suggestions of its objects tell the result.
func Verify(ctx context.Context, b *propose.Batch, planner Planner, o Options) Result {
	v := &verifier{batch: b, planner: planner, attempts: cmp.Or(o.Attempts, defaultAttempts), log: o.Log,
		secret: o.Secret, tried: map[string]int{}, generated: map[string]bool{}, closed: map[string]bool{},
		guessed: map[string]bool{}, planned: map[string]planned{}, objects: o.Objects}
	if v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	v.run(ctx)
	v.tell(o.Objects)
	return v.result
}

// verifier is one proof.
type verifier struct {
	batch     *propose.Batch
	objects   []model.Unmanaged // as in Options
	planner   Planner
	attempts  int
	log       *slog.Logger
	secret    func(string) bool
	tried     map[string]int     // how often a repair was made, by what it is and where
	generated map[string]bool    // addresses that Terraform was asked to write
	closed    map[string]bool    // addresses that are done with in this round
	guessed   map[string]bool    // arguments whose value was made up, by address and name
	planned   map[string]planned // what could be planned, by address
	byID      int                // the plan after which identities were given up; 0 for none
	result    Result
}

// left is how many plans may still be made.
func (v *verifier) left() int { return v.attempts - v.result.Plans }

func (v *verifier) run(ctx context.Context) {
	for {
		v.hide()
		if len(v.batch.Resources()) == 0 {
			v.end(Unverified, "")
			return
		}
		files := v.files()
		out, err := v.plan(ctx, files)
		switch {
		case ctx.Err() != nil:
			v.end(Unverified, "interrupted before it was proven")
			return
		case err != nil && v.left() > 0 && v.withoutProvider(err.Error()):
			continue
		case err != nil:
			v.end(Failed, err.Error())
			return
		}
		f := v.judge(out, files)
		v.remember(f)
		v.result.count(f)
		hidden := v.hide() // a plan may be the first to tell that something is secret
		moved := v.leaveElsewhere(f)
		switch {
		case f.clean() && !hidden && !moved:
			v.end(NoChanges, "")
			return
		case v.left() > 0 && (v.mend(f) || hidden || moved):
		case v.left() > 0 && f.unexplained() && v.bisect(ctx):
			if v.hide() {
				v.end(Unverified, hiddenLast)
			}
			return
		case hidden:
			v.end(Unverified, hiddenLast)
			return
		case moved:
			v.end(Unverified, elsewhereLast)
			return
		default:
			v.giveUp(f)
			return
		}
	}
}

// plan makes one plan.
func (v *verifier) plan(ctx context.Context, files map[string][]byte) (Outcome, error) {
	generate := slices.ContainsFunc(v.batch.Resources(), func(a propose.Adopted) bool { return a.NeedsConfig })
	v.result.Plans++
	v.log.Info("planning what is adopted", "workspace", v.batch.Workspace, "plan", v.result.Plans, "resources", len(v.batch.Resources()))
	out, err := v.planner.Plan(ctx, files, generate)
	if err == nil {
		err = ctx.Err()
	}
	v.result.Plan = out.Plan
	return out, err
}

// valuesFile has values for the variables that need one, while it is proven.
const valuesFile = "strandline_proof.auto.tfvars"

// files returns what is to be planned.
func (v *verifier) files() map[string][]byte {
	out := map[string][]byte{}
	for _, f := range v.batch.Files() {
		out[f.Path] = []byte(f.Content)
	}
	var values strings.Builder
	for _, variable := range v.batch.Variables() {
		if variable.Required {
			fmt.Fprintf(&values, "%s = %s\n", variable.Name, variable.Any)
		}
	}
	if values.Len() > 0 {
		out[valuesFile] = []byte(values.String())
	}
	return out
}

func (v *verifier) end(status, why string) { v.result.Status, v.result.Why = status, why }
