package sarif

// Levels of results, §3.27.10.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNote    = "note"
)

// rule is one kind of finding, §3.49.
type rule struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Short      message    `json:"shortDescription"`
	Full       message    `json:"fullDescription"`
	Help       message    `json:"help"`
	Default    defaults   `json:"defaultConfiguration"`
	Properties properties `json:"properties"`
}

type defaults struct {
	Level string `json:"level"`
}

// properties are those that GitHub reads, see
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
type properties struct {
	Tags      []string `json:"tags"`
	Precision string   `json:"precision"`
	Severity  string   `json:"problem.severity"`
}

// Ids of rules. They are published: who suppresses a finding names one.
const (
	ruleDestroyData   = "destroy-data"
	ruleReplaceData   = "replace-data"
	ruleDestroy       = "destroy"
	ruleReplace       = "replace"
	rulePublicIngress = "public-ingress"
	rulePublicAccess  = "public-access"
	ruleWildcard      = "iam-wildcard"
	ruleRisk          = "risk"
	rulePolicy        = "policy-failed"
	ruleCheck         = "check-failed"
	ruleErrored       = "run-errored"
	ruleTerraform     = "terraform-error"
	ruleDrift         = "drift"
	ruleUnmanaged     = "unmanaged"
	ruleConflict      = "conflict"
)

func rules() []rule {
	return []rule{
		newRule(ruleErrored, "RunErrored", levelError, "Planning failed",
			"The run of a workspace ended without a plan, or with part of one.",
			"Read the run's log. What would change is not known until a plan succeeds."),
		newRule(ruleTerraform, "TerraformError", levelError, "Terraform reports an error",
			"Terraform stopped with this error while it planned.",
			"The message is Terraform's own. What would change is not known until a plan succeeds."),
		newRule(ruleDestroyData, "DestroysData", levelError, "Data would be destroyed",
			"Applying the plan destroys a resource that holds data or identity: a database, a bucket, a key, a zone.",
			"Make sure that what it holds is needed no longer or saved elsewhere. To keep the object but no longer manage it, use a removed block with destroy = false; "+
				"if it only has another address, use a moved block."),
		newRule(ruleReplaceData, "ReplacesData", levelError, "A resource that holds data would be replaced",
			"Applying the plan destroys a resource that holds data or identity and creates an empty one in its place.",
			"The message names what can't be changed in place. Change it in another way, or save the data first; lifecycle prevent_destroy keeps it from happening by mistake."),
		newRule(ruleDestroy, "DestroysResource", levelWarning, "A resource would be destroyed",
			"Applying the plan destroys this resource.",
			"If it only has another address, use a moved block. To keep the object but no longer manage it, use a removed block with destroy = false."),
		newRule(ruleReplace, "ReplacesResource", levelWarning, "A resource would be replaced",
			"Applying the plan destroys this resource and creates another one in its place.",
			"The message names what can't be changed in place. With lifecycle create_before_destroy the new one exists before the old one is gone."),
		newRule(rulePublicIngress, "PublicIngress", levelWarning, "Open to every address",
			"Applying the plan lets every address reach this resource.",
			"Name the networks that need access in place of 0.0.0.0/0 or ::/0."),
		newRule(rulePublicAccess, "PublicAccess", levelWarning, "Open to the public",
			"Applying the plan makes what this resource holds or serves accessible to the public.",
			"Make sure that this is what is meant; name who needs access otherwise."),
		newRule(ruleWildcard, "WildcardPermission", levelWarning, "Permission for everything or everyone",
			"Applying the plan grants actions, resources or principals by a wildcard.",
			"Name the actions, resources and principals that are needed."),
		newRule(ruleRisk, "Risk", levelWarning, "A risky change",
			"Applying the plan does something that a reviewer should see first.",
			"The message says what it is."),
		newRule(rulePolicy, "PolicyFailed", levelError, "A policy failed",
			"A policy of the organization doesn't hold for this plan.",
			"The message ends in the policy's own words. Advisory policies don't keep the plan from being applied."),
		newRule(ruleCheck, "CheckFailed", levelWarning, "A check failed",
			"A check block, precondition, postcondition or variable validation of the configuration doesn't hold.",
			"The message ends in the check's own words."),
		newRule(ruleDrift, "Drift", levelWarning, "Changed outside Terraform",
			"What exists differs from what Terraform last made of it: somebody or something else changed or deleted it.",
			"Accept it by changing the configuration, revert it by an apply, or ignore it with ignore_changes; the report has the text for each."),
		newRule(ruleUnmanaged, "Unmanaged", levelNote, "Exists, but in no state",
			"An object exists in the cloud that no Terraform state knows.",
			"Import it, as the report suggests, delete it, or ignore it with a line in .strandlineignore."),
		newRule(ruleConflict, "Conflict", levelError, "One object in several states",
			"Several workspaces manage the same object, so that each undoes what the others do.",
			"Take it out of all states but one with a removed block whose lifecycle has destroy = false."),
	}
}

func newRule(id, name, level, short, full, help string) rule {
	return rule{
		ID: id, Name: name,
		Short: message{Text: short}, Full: message{Text: full}, Help: message{Text: help, Markdown: help},
		Default:    defaults{level},
		Properties: properties{[]string{"terraform"}, "very-high", severity(level)},
	}
}

// severity is a level in GitHub's words for it.
func severity(level string) string {
	if level == levelNote {
		return "recommendation"
	}
	return level
}
