package render

// Rank says when something is given up for want of space: the higher its rank,
// the earlier. Title, remarks, dangers and table have none: they are bounded,
// and always there.
type Rank int

// What is kept first stands first. "Line" is the one line of a finding, "diff"
// or "detail" what there is to see of it.
const (
	RankProblem        Rank = iota // what could not be read: the report is partial
	RankWorkspace                  // that a workspace has details at all
	RankError                      // Terraform's errors, line
	RankGraveLine                  // destroyed and replaced resources, line
	RankGate                       // failed policies and checks, objects in several states, line
	RankErrorDetail                // Terraform's errors, detail
	RankReplaceDiff                //
	RankGateDetail                 // failed policies and checks, what they say
	RankChangeLine                 // changed, forgotten, imported and moved resources, line
	RankAddLine                    // added resources, line
	RankChangeDiff                 //
	RankLaterLine                  // deferred changes and action invocations, line
	RankDriftLine                  //
	RankOutputLine                 //
	RankObjectLine                 // objects in no state, and what an adoption left out, line
	RankAddDiff                    //
	RankLaterDetail                //
	RankDriftDiff                  //
	RankDriftFold                  // what to do about drift
	RankOutputDiff                 //
	RankWarning                    // Terraform's warnings, line and detail
	RankSuggestion                 // what could be pasted, line
	RankSuggestionFile             // … and the text to paste
	RankCoverage                   // by type, account, region and workspace
	RankTask                       // run tasks, cost, policies that passed
	RankDestroyDiff                // all that a destroyed resource held: long, and gone
	RankReadLine                   // data sources read during apply
	RankReadDiff                   //
	RankNote                       // notes; what was ignored
	rankEnd
)
