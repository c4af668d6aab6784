package planjson

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// check reads an element of checks, folding its instances into one.
// https://developer.hashicorp.com/terraform/internals/json-format#checks-representation
func (d *decoder) check() error {
	return d.element(func() error {
		p, err := d.value()
		if err != nil {
			return err
		}
		n, err := d.node(p)
		if err != nil {
			return err
		}
		address := n.member([]byte("address"))
		c := model.Check{
			Address: stringMember(address, "to_display"),
			Kind:    stringMember(address, "kind"),
			Status:  stringMember(n, "status"),
		}
		instances := n.member([]byte("instances"))
		for i := 0; instances.item(i) != nil; i++ {
			problems := instances.item(i).member([]byte("problems"))
			for j := 0; problems.item(j) != nil; j++ {
				message := stringMember(problems.item(j), "message")
				if message != "" && !slices.Contains(c.Problems, message) {
					c.Problems = append(c.Problems, message)
				}
			}
		}
		d.ws.Checks = append(d.ws.Checks, c)
		return nil
	})
}

// stringMember returns a string in an object, "" where there is none.
func stringMember(n *node, name string) string {
	m := n.member([]byte(name))
	if m == nil || m.kind != '"' {
		return ""
	}
	return string(unquote(m.raw))
}
