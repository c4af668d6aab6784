package model_test

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

func TestEveryReasonHasItsOwnWords(t *testing.T) {
	seen := map[string]string{}
	for _, reason := range []tfjson.ActionReason{
		tfjson.ActionReasonReplaceBecauseCannotUpdate, tfjson.ActionReasonReplaceBecauseTainted,
		tfjson.ActionReasonReplaceByRequest, tfjson.ActionReasonReplaceByTriggers,
		tfjson.ActionReasonDeleteBecauseNoResourceConfig, tfjson.ActionReasonDeleteBecauseWrongRepetition,
		tfjson.ActionReasonDeleteBecauseCountIndex, tfjson.ActionReasonDeleteBecauseEachKey,
		tfjson.ActionReasonDeleteBecauseNoModule, tfjson.ActionReasonDeleteBecauseNoMoveTarget,
		tfjson.ActionReasonReadBecauseConfigUnknown, tfjson.ActionReasonReadBecauseDependencyPending,
		tfjson.ActionReasonReadBecauseCheckNested,
	} {
		seen[model.ReasonText(string(reason))] = string(reason)
	}
	for _, reason := range []string{"instance_count_unknown", "resource_config_unknown", "provider_config_unknown",
		"absent_prereq", "deferred_prereq", "excluded", "not_included", "unknown"} {
		seen[model.DeferredReasonText(reason)] = reason
	}
	if _, ok := seen[""]; ok || len(seen) != 13+8 {
		t.Errorf("got %d different texts: %v", len(seen), seen)
	}
	if model.ReasonText("") != "" || model.DeferredReasonText("new in Terraform 3") != "" {
		t.Error("no reason, or one not known, has words")
	}
}
