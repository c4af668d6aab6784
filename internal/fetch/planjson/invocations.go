package planjson

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// invocation reads an element of action_invocations.
// https://github.com/hashicorp/terraform/blob/main/internal/command/jsonplan/action_invocations.go
func (d *decoder) invocation() error {
	return d.element(func() error {
		p, err := d.walkInvocation()
		if err != nil {
			return err
		}
		return d.keepInvocation(&p)
	})
}

// deferredInvocation reads an element of deferred_action_invocations.
func (d *decoder) deferredInvocation() error {
	return d.element(func() error {
		var reason span
		var p invocationSpans
		err := d.object(func(key []byte) error {
			var err error
			switch string(key) {
			case "reason":
				reason, err = d.value()
			case "action_invocation":
				p, err = d.walkInvocation()
			default:
				err = d.skip()
			}
			return err
		})
		if err != nil {
			return err
		}
		p.deferred = reason
		return d.keepInvocation(&p)
	})
}

// invocationSpans is where the parts of an action invocation stand.
type invocationSpans struct {
	address, kind, name, config, marks, unknown span
	trigger, event, onFailure, caller, deferred span
}

func (p *invocationSpans) own(key []byte) *span {
	switch string(key) {
	case "address":
		return &p.address
	case "type":
		return &p.kind
	case "name":
		return &p.name
	case "config_values":
		return &p.config
	case "config_sensitive":
		return &p.marks
	case "config_unknown":
		return &p.unknown
	}
	return nil
}

func (p *invocationSpans) lifecycle(key []byte) *span {
	switch string(key) {
	case "triggering_resource_address":
		return &p.trigger
	case "action_trigger_event":
		return &p.event
	case "on_failure":
		return &p.onFailure
	}
	return nil
}

func (p *invocationSpans) invoked(key []byte) *span {
	if string(key) == "calling_resource_address" {
		return &p.caller
	}
	return nil
}

// walkInvocation captures the parts of the action invocation that comes next.
func (d *decoder) walkInvocation() (invocationSpans, error) {
	var p invocationSpans
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "lifecycle_action_trigger":
			return d.fields(p.lifecycle)
		case "invoke_action_trigger":
			return d.fields(p.invoked)
		}
		place := p.own(key)
		if place == nil {
			return d.skip()
		}
		var err error
		*place, err = d.value()
		return err
	})
	return p, err
}

func (d *decoder) keepInvocation(p *invocationSpans) error {
	var a model.Action
	var caller string
	err := d.strings(stringAt{&a.Address, p.address}, stringAt{&a.Type, p.kind}, stringAt{&a.Name, p.name},
		stringAt{&a.Trigger, p.trigger}, stringAt{&a.Event, p.event}, stringAt{&a.OnFailure, p.onFailure},
		stringAt{&caller, p.caller}, stringAt{&a.DeferredReason, p.deferred})
	if err != nil {
		return err
	}
	if a.Trigger == "" {
		a.Trigger = caller
	}
	a.OnFailure = strings.ToLower(strings.TrimPrefix(a.OnFailure, "ActionOnFailure"))
	var config, marks, unknown *node
	if err := d.nodes(nodeAt{&config, p.config}, nodeAt{&marks, p.marks}, nodeAt{&unknown, p.unknown}); err != nil {
		return asFault(err, a.Address)
	}
	d.collect(config, marks)
	if !config.null() {
		a.Config = appendKnown(nil, side{config, marks, unknown})
	}
	d.ws.Actions = append(d.ws.Actions, a)
	return nil
}

// appendKnown appends s without what is sensitive or unknown. Elements of
// lists become null, so that the others keep their places.
func appendKnown(dst []byte, s side) []byte {
	if s.sensitive() || s.wholly() {
		return append(dst, "null"...)
	}
	switch s.kind() {
	case '{':
		dst = append(dst, '{')
		eachMember(s, s, func(key []byte, m, _ side) {
			if m.sensitive() || m.wholly() || m.value == nil {
				return
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = appendKnown(append(appendQuoted(dst, key), ':'), m)
		})
		return append(dst, '}')
	case '[':
		dst = append(dst, '[')
		for i := range s.length() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendKnown(dst, s.item(i))
		}
		return append(dst, ']')
	}
	return appendValue(dst, s.value)
}
