package planjson

import (
	"bytes"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// planned is what one of Terraform's action combinations means.
type planned struct{ action, order string }

// meaning returns what a change's actions, joined by commas, mean. They are
// listed in actionString of Terraform's internal/command/jsonplan/plan.go.
func meaning(actions string) (planned, bool) {
	switch actions {
	case "no-op":
		return planned{action: model.ActionNoOp}, true
	case "create":
		return planned{action: model.ActionCreate}, true
	case "read":
		return planned{action: model.ActionRead}, true
	case "update":
		return planned{action: model.ActionUpdate}, true
	case "delete":
		return planned{action: model.ActionDelete}, true
	case "delete,create":
		return planned{model.ActionReplace, model.DeleteFirst}, true
	case "create,delete":
		return planned{model.ActionReplace, model.CreateFirst}, true
	case "forget":
		return planned{action: model.ActionForget}, true
	case "create,forget":
		return planned{action: model.ActionReplaceForget}, true
	}
	return planned{}, false
}

// action reads a change's actions into c, whose address is known already.
func (d *decoder) action(at span, c *model.Change) error {
	list, err := d.node(at)
	if err != nil {
		return err
	}
	var words [][]byte
	if list != nil && list.kind == '[' {
		for i := range list.kids {
			if list.kids[i].kind == '"' {
				words = append(words, unquote(list.kids[i].raw))
			}
		}
	}
	joined := string(bytes.Join(words, []byte(",")))
	p, ok := meaning(joined)
	if !ok {
		return &Error{Offset: at.from, Reason: "unknown actions",
			Detail: "[" + clip(strings.ToValidUTF8(joined, "")) + "] of " + clip(c.Address),
			Hint:   "a newer Strandline may know them"}
	}
	c.Action, c.Order = p.action, p.order
	return nil
}
