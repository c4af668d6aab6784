// Package plangen writes large Terraform plans in JSON that look like real
// ones, for benchmarks and tests of memory. The same options give the same
// bytes, and memory doesn't follow the size of the plan.
//
// Tests use it in place of `terraform apply`, which takes minutes to make a
// state of thousands of resources. Nothing comes before it; fetch/planjson
// reads what it writes.
package plangen

import (
	"bufio"
	"fmt"
	"io"
)

// Options say how large a plan is.
type Options struct {
	Resources int // in all, changing or not
	Changes   int // of those; spread evenly
}

// Large is the plan that the benchmarks are about: some 120 MB.
func Large() Options { return Options{Resources: 40_000, Changes: 10_000} }

// Secret returns the sensitive value that resource i holds before or after a
// change, or "" where it has none.
func Secret(i int, after bool) string {
	if !hasSecret(i) {
		return ""
	}
	if after {
		return fmt.Sprintf("pw-new-%06d-Zk3", i)
	}
	return fmt.Sprintf("pw-old-%06d-Qx7", i)
}

// MasterSecret is the value of the plan's one sensitive variable.
const MasterSecret = "master-token-5f1c77"

// Generate writes a plan to w.
func Generate(w io.Writer, o Options) error {
	g := &generator{w: bufio.NewWriterSize(w, 1<<16), o: o}
	g.plan()
	return g.w.Flush()
}

// What happens to a resource.
type fate int

const (
	stays fate = iota
	updated
	created
	deleted
	replaced
)

// generator writes one plan. A bufio.Writer keeps the first error until Flush.
type generator struct {
	w *bufio.Writer
	o Options
}

// fate spreads changes evenly: of ten, six updates, two creations, a deletion
// and a replacement.
func (g *generator) fate(i int) fate {
	n := i * g.o.Changes / g.o.Resources
	if g.o.Changes == 0 || n == (i+1)*g.o.Changes/g.o.Resources {
		return stays
	}
	switch n % 10 {
	case 2, 7:
		return created
	case 4:
		return deleted
	case 9:
		return replaced
	}
	return updated
}

func (g *generator) put(format string, args ...any) { _, _ = fmt.Fprintf(g.w, format, args...) }

// plan writes the sections in Terraform's order.
func (g *generator) plan() {
	g.put(`{"format_version":"1.2","terraform_version":"1.11.4","variables":{"region":{"value":"eu-west-1"},"token":{"value":%q}},`, MasterSecret)
	g.put(`"planned_values":{"outputs":{"endpoint":{"sensitive":false,"type":"string","value":"https://app.example.com"},"token":{"sensitive":true,"type":"string","value":%q}},"root_module":`, MasterSecret)
	g.module(func(f fate) bool { return f != deleted }, true)
	g.put(`},"resource_changes":[`)
	for i := range g.o.Resources {
		if i > 0 {
			g.put(",")
		}
		g.change(i)
	}
	g.put(`],"output_changes":{"endpoint":{"actions":["no-op"],"before":"https://app.example.com","after":"https://app.example.com","after_unknown":false,"before_sensitive":false,"after_sensitive":false},"token":{"actions":["no-op"],"before":%[1]q,"after":%[1]q,"after_unknown":false,"before_sensitive":true,"after_sensitive":true}},`, MasterSecret)
	g.put(`"prior_state":{"format_version":"1.0","terraform_version":"1.11.4","values":{"outputs":{"token":{"sensitive":true,"value":%q,"type":"string"}},"root_module":`, MasterSecret)
	g.module(func(f fate) bool { return f != created }, false)
	g.put(`}},`)
	g.configuration()
	g.put(`"relevant_attributes":[{"resource":"aws_instance.r0000000","attribute":["id"]}],"timestamp":"2026-01-02T03:04:05Z","applyable":true,"complete":true,"errored":false}` + "\n")
}

const modules = 20

// inModule returns the module that resource i stands in; 0 is the root.
func inModule(i int) int { return i % (modules + 1) }

func address(i int) string {
	k := kindOf(i)
	if m := inModule(i); m > 0 {
		return fmt.Sprintf("module.part[%d].%s.r%07d", m, k.name, i)
	}
	return fmt.Sprintf("%s.r%07d", k.name, i)
}

// module writes the root module of a state, with its children.
func (g *generator) module(has func(fate) bool, after bool) {
	for m := range modules + 1 {
		switch m {
		case 0:
			g.put(`{"resources":[`)
		case 1:
			g.put(`],"child_modules":[{"address":"module.part[1]","resources":[`)
		default:
			g.put(`]},{"address":"module.part[%d]","resources":[`, m)
		}
		first := true
		for i := m; i < g.o.Resources; i += modules + 1 {
			if !has(g.fate(i)) {
				continue
			}
			if !first {
				g.put(",")
			}
			first = false
			g.resource(i, after)
		}
	}
	g.put(`]}]}`)
}

func (g *generator) resource(i int, after bool) {
	k := kindOf(i)
	v := version{i: i, changed: after && g.fate(i) != stays, unknown: after && (g.fate(i) == created || g.fate(i) == replaced)}
	g.put(`{"address":%q,"mode":"managed","type":%q,"name":"r%07d","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":`, address(i), k.name, i)
	k.write(g, v)
	g.put(`,"sensitive_values":%s}`, k.marks)
}

func (g *generator) change(i int) {
	k, f := kindOf(i), g.fate(i)
	g.put(`{"address":%q,`, address(i))
	if m := inModule(i); m > 0 {
		g.put(`"module_address":"module.part[%d]",`, m)
	}
	g.put(`"mode":"managed","type":%q,"name":"r%07d","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":`, k.name, i)
	g.put("%s", map[fate]string{stays: `["no-op"]`, updated: `["update"]`, created: `["create"]`,
		deleted: `["delete"]`, replaced: `["delete","create"]`}[f])
	beforeMarks, afterMarks := k.marks, k.marks
	g.put(`,"before":`)
	if f == created {
		beforeMarks = "false"
		g.put("null")
	} else {
		k.write(g, version{i: i})
	}
	g.put(`,"after":`)
	unknown := f == created || f == replaced
	if f == deleted {
		afterMarks = "false"
		g.put("null")
	} else {
		k.write(g, version{i: i, changed: f != stays, unknown: unknown})
	}
	if unknown {
		g.put(`,"after_unknown":{"arn":true,"id":true,"tags":{}}`)
	} else {
		g.put(`,"after_unknown":{}`)
	}
	g.put(`,"before_sensitive":%s,"after_sensitive":%s`, beforeMarks, afterMarks)
	if f == replaced {
		g.put(`,"replace_paths":[[%q]]},"action_reason":"replace_because_cannot_update"}`, k.replaces)
		return
	}
	if f == deleted {
		g.put(`},"action_reason":"delete_because_no_resource_config"}`)
		return
	}
	g.put(`}}`)
}

func (g *generator) configuration() {
	g.put(`"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws"}},"root_module":{"resources":[`)
	for i := 0; i < g.o.Resources; i += modules + 1 {
		if i > 0 {
			g.put(",")
		}
		k := kindOf(i)
		g.put(`{"address":"%s.r%07d","mode":"managed","type":%q,"name":"r%07d","provider_config_key":"aws","expressions":{"tags":{"references":["local.tags"]}},"schema_version":1}`, k.name, i, k.name, i)
	}
	g.put(`],"variables":{"region":{"default":"eu-west-1"},"token":{"sensitive":true}}}},`)
}
