package tfc

// Groups of run states, from the documentation of the organisation's runs list:
// filter[status_group] takes non_final, final and discardable.
var (
	final = map[string]bool{
		"applied": true, "planned_and_finished": true, "planned_and_saved": true, "policy_soft_failed": true,
		"errored": true, "discarded": true, "canceled": true, "force_canceled": true,
	}
	// paused states wait for a person.
	paused = map[string]bool{
		"planned": true, "cost_estimated": true, "policy_checked": true, "policy_override": true,
		"post_plan_completed": true, "planned_and_saved": true,
	}
	// planStatus is the plan's state where it isn't "finished".
	planStatus = map[string]string{
		"pending": "pending", "fetching": "pending", "fetching_completed": "pending", "pre_plan_running": "pending",
		"pre_plan_completed": "pending", "pre_plan_awaiting_decision": "pending", "queuing": "pending",
		"plan_queued": "queued", "planning": "running", "errored": "errored", "canceled": "canceled", "force_canceled": "canceled",
	}
)

// inGroup reports whether a status belongs to a status group.
func inGroup(status, group string) bool {
	switch group {
	case "final":
		return final[status]
	case "non_final":
		return !final[status]
	case "discardable":
		return paused[status] || status == "pending"
	}
	return false
}

// operation is the kind of a run as filter[operation] names it.
func (r *Run) operation() string {
	switch sp := r.spec; {
	case sp.PlanOnly:
		return "plan_only"
	case sp.RefreshOnly:
		return "refresh_only"
	case sp.IsDestroy:
		return "destroy"
	case sp.SavePlan:
		return "save_plan"
	case sp.AllowEmptyApply:
		return "empty_apply"
	}
	return "plan_and_apply"
}
