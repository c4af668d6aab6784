package model

// ReasonText puts a change's action_reason into words, for a person who has
// just read what happens to the resource; "" for no reason or one not known
// here. The 13 reasons are those of ResourceChange.ActionReason in Terraform's
// internal/command/jsonplan/plan.go.
func ReasonText(reason string) string {
	switch reason {
	case "replace_because_cannot_update":
		return "the change can't be made in place"
	case "replace_because_tainted":
		return "it is tainted: an earlier creation failed part way, or someone marked it"
	case "replace_by_request":
		return "its replacement was requested with -replace"
	case "replace_by_triggers":
		return "something named in replace_triggered_by changes"
	case "delete_because_no_resource_config":
		return "no longer in the configuration"
	case "delete_because_wrong_repetition":
		return "its index doesn't fit the use of count or for_each any more"
	case "delete_because_count_index":
		return "its index is out of range of count"
	case "delete_because_each_key":
		return "its key is no longer in for_each"
	case "delete_because_no_module":
		return "its module is no longer in the configuration"
	case "delete_because_no_move_target":
		return "it was moved to an address that is not in the configuration"
	case "read_because_config_unknown":
		return "its configuration is known only during apply"
	case "read_because_dependency_pending":
		return "something it depends on has changes pending"
	case "read_because_check_nested":
		return "it belongs to a check, which reads it again during apply"
	}
	return ""
}

// DeferredReasonText puts the reason why a change is deferred into words; ""
// for none or one not known here. The reasons are those of DeferredReason in
// Terraform's internal/command/jsonplan/plan.go and jsonplan/action_invocations.go.
func DeferredReasonText(reason string) string {
	switch reason {
	case "instance_count_unknown":
		return "how many instances there are is not known yet"
	case "resource_config_unknown":
		return "its configuration is not known yet"
	case "provider_config_unknown":
		return "its provider's configuration is not known yet"
	case "absent_prereq":
		return "something it needs doesn't exist yet"
	case "deferred_prereq":
		return "something it depends on is deferred"
	case "excluded":
		return "it was excluded from this plan"
	case "not_included":
		return "it was not among what this plan was made for"
	case "unknown":
		return "for a reason that Terraform doesn't tell"
	}
	return ""
}
