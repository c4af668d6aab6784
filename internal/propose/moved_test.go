package propose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// parsePlan makes a workspace of lines: a sign (- is destroyed, + created, ~
// updated), an address, and attributes as PATH=JSON without white space. For
// JSON, ? stands for unknown and ! for sensitive; WITHHELD within it for a
// withheld part.
func parsePlan(t interface {
	Helper()
	Fatal(...any)
}, lines string) *model.Workspace {
	t.Helper()
	w := model.NewWorkspace("w")
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		c := model.Change{Address: fields[1], Mode: "managed", Provider: "p", Action: model.ActionUpdate}
		switch fields[0] {
		case "-":
			c.Action, c.Reason = model.ActionDelete, "delete_because_no_resource_config"
		case "+":
			c.Action = model.ActionCreate
		}
		steps, diags := hclsyntax.ParseTraversalAbs([]byte(c.Address), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		r := reader{steps: steps}
		r.modules()
		c.Type, c.Name, c.Index = r.next(), r.next(), model.Value(r.key())
		for _, field := range fields[2:] {
			path, value, _ := strings.Cut(field, "=")
			value = strings.ReplaceAll(value, "WITHHELD", secret.Withheld)
			a := model.Attribute{Path: path}
			switch {
			case value == "?":
				a.Unknown = true
			case value == "!":
				a.Sensitive = true
			case c.Action == model.ActionCreate:
				a.After = model.Value(value)
			default:
				a.Before = model.Value(value)
			}
			c.Attributes = append(c.Attributes, a)
		}
		w.Changes = append(w.Changes, c)
	}
	return w
}

// moves are suggestions as "from -> to", one a line.
func moves(suggestions []model.Suggestion) string {
	var out []string
	for _, s := range suggestions {
		from, to, _ := readMoved([]byte(s.Files[0].Content))
		out = append(out, text(from)+" -> "+text(to))
	}
	return strings.Join(out, "\n")
}

func TestMoved(t *testing.T) {
	for _, tc := range []struct{ name, plan, want string }{
		{"its own name is enough", `
			- aws_s3_bucket.a bucket="logs" id="logs" arn="arn:logs" force_destroy=false
			+ aws_s3_bucket.b bucket="logs" id=? arn=? force_destroy=false`, "aws_s3_bucket.a -> aws_s3_bucket.b"},
		{"another name is another bucket", `
			- aws_s3_bucket.a bucket="logs" region="r1" acl="private" owner="ops" cost="low"
			+ aws_s3_bucket.b bucket="media" region="r1" acl="private" owner="ops" cost="low"`, ""},
		{"a tag is no name", `
			- aws_instance.a ami="ami-1" instance_type="t3" tags.name="a" tags.Env="prod"
			+ aws_instance.b ami="ami-1" instance_type="t3" tags.name="b" tags.Env="prod"`, "aws_instance.a -> aws_instance.b"},
		{"too little is equal", `
			- aws_instance.a ami="ami-1" instance_type="t3" tags.Name="a" tags.Env="prod"
			+ aws_instance.b ami="ami-1" instance_type="t3" tags.Name="b" tags.Env="test"`, ""},
		{"what is absent differs", `
			- aws_instance.a ami="ami-1" instance_type="t3" user_data="x1" tags.Env="prod" tags.Team="ops"
			+ aws_instance.b ami="ami-1" instance_type="t3"`, ""},
		{"what providers write for none does not", `
			- aws_instance.a ami="ami-1" instance_type="t3" user_data="" ebs=[] n=0 m={} z=false
			+ aws_instance.b ami="ami-1" instance_type="t3"`, "aws_instance.a -> aws_instance.b"},
		{"within what is unknown nothing can be compared", `
			- x_y.a one="aa" two="bb" all.k="1" all.l[0]="2" allow="cc"
			+ x_y.b one="aa" two="bb" all=?          allow="cc"`, "x_y.a -> x_y.b"},
		{"within what is sensitive neither", `
			- x_y.a one="aa" two="bb" m=!
			+ x_y.b one="aa" two="bb" m.k="cc" m.l="dd"`, "x_y.a -> x_y.b"},
		{"two of three are too few", `
			- x_y.a one="aa" two="bb" three="cc"
			+ x_y.b one="aa" two="bb" three="dd"`, ""},
		{"a part of the same whole", `
			- aws_security_group_rule.a security_group_id="sg-1" type="ingress" from_port=443 protocol="tcp"
			+ aws_security_group_rule.b security_group_id="sg-1" type="ingress" from_port=443 protocol="tcp"`,
			"aws_security_group_rule.a -> aws_security_group_rule.b"},
		{"only what is sensitive may be equal", `
			- x_y.a one=! two=! three=!
			+ x_y.b one=! two=! three=!`, ""},
		{"withheld parts are not equal", `
			- x_y.a url="x://WITHHELD@h" two="aa"
			+ x_y.b url="x://WITHHELD@h" two="aa"
			- x_y.c other="zz"`, ""},
		{"booleans, small numbers and letters say nothing", `
			- x_y.a b1=true b2=true b3=false n=1 m=0 s=""
			+ x_y.b b1=true b2=true b3=false n=1 m=0 s=""`, ""},
		{"little, but alone of its type", `
			- random_id.a byte_length=8
			+ random_id.b byte_length=8`, "random_id.a -> random_id.b"},
		{"little, and not alone", `
			- random_id.a byte_length=8
			+ random_id.b byte_length=8
			+ random_id.c byte_length=8`, ""},
		{"little, but of the same name elsewhere", `
			- random_id.a byte_length=8
			+ module.m.random_id.a byte_length=8
			+ random_id.c byte_length=8`, "random_id.a -> module.m.random_id.a"},
		{"nothing, though of the same name elsewhere", `
			- null_resource.a
			+ module.m.null_resource.a`, ""},
		{"another type", `
			- aws_alb.a name="front" port=80
			+ aws_lb.a name="front" port=80`, ""},
		{"the exact one of two", `
			- x_y.a one="aa" two="bb" three="cc" tags.n="1a"
			+ x_y.b one="aa" two="bb" three="cc" tags.n="1b"
			+ x_y.c one="aa" two="bb" three="cc" tags.n="1a"`, "x_y.a -> x_y.c"},
		{"twins that nothing tells apart", `
			- x_y.a one="aa" two="bb"
			- x_y.b one="aa" two="bb"
			+ x_y.c one="aa" two="bb"
			+ x_y.d one="aa" two="bb"`, ""},
		{"one of two that go could be it", `
			- x_y.a one="aa" two="bb"
			- x_y.b one="aa" two="bb"
			+ x_y.c one="aa" two="bb"`, ""},
		{"nearly as like as another", `
			- x_y.a k1="aa" k2="aa" k3="aa" k4="aa" k5="aa" k6="aa" k7="aa" k8="aa" k9="aa" tags.a="11" tags.b="22" tags.c="33"
			+ x_y.b k1="aa" k2="aa" k3="aa" k4="aa" k5="aa" k6="aa" k7="aa" k8="aa" k9="aa" tags.a="11" tags.b="00" tags.c="00"
			+ x_y.c k1="aa" k2="aa" k3="aa" k4="aa" k5="aa" k6="aa" k7="aa" k8="aa" k9="aa" tags.a="00" tags.b="00" tags.c="00"`, ""},
		{"little to compare, against much with a difference", `
			- x_y.a one="aa" two="bb" three="cc" four="dd" five="ee" tags.t="11"
			+ x_y.b one="aa" two="bb" three=?    four=?    five=?    tags=?
			+ x_y.c one="aa" two="bb" three="cc" four="dd" five="ee" tags.t="22"`, ""},
		{"values outweigh keys where they are certain", `
			- x_y.a[0] one="aa" two="bb" three="cc" four="d0"
			- x_y.a[1] one="aa" two="bb" three="cc" four="d1"
			+ x_y.b[0] one="aa" two="bb" three="cc" four="d1"
			+ x_y.b[1] one="aa" two="bb" three="cc" four="d0"`, "x_y.a[0] -> x_y.b[1]\nx_y.a[1] -> x_y.b[0]"},
		{"a part of what stays can't be a part of something else", `
			- aws_security_group_rule.a security_group_id="sg-1" type="ingress" from_port=443 to_port=443 protocol="tcp"
			+ aws_security_group_rule.b security_group_id=?      type="ingress" from_port=443 to_port=443 protocol="tcp"`, ""},
		{"a part moves with its whole", `
			- aws_security_group.a id="sg-1" name="web" vpc_id="vpc-1"
			- aws_security_group_rule.a security_group_id="sg-1" type="ingress" from_port=443 to_port=443 protocol="tcp"
			+ aws_security_group.b id=? name="web" vpc_id="vpc-1"
			+ aws_security_group_rule.b security_group_id=?      type="ingress" from_port=443 to_port=443 protocol="tcp"`,
			"aws_security_group.a -> aws_security_group.b\naws_security_group_rule.a -> aws_security_group_rule.b"},
		{"and not without it", `
			- aws_security_group.a id="sg-1" name="web" vpc_id="vpc-1"
			- aws_security_group_rule.a security_group_id="sg-1" type="ingress" from_port=443 to_port=443 protocol="tcp"
			+ aws_security_group.b id=? name="app" vpc_id="vpc-1"
			+ aws_security_group_rule.b security_group_id=?      type="ingress" from_port=443 to_port=443 protocol="tcp"`, ""},
		{"what points at what is destroyed does not move without it", `
			- aws_lb.a id="lb-1" name="one" port=80
			- aws_lb_listener.a target="lb-1" port=443 protocol="HTTPS" policy="strict"
			+ aws_lb.b id=? name="two" port=80
			+ aws_lb_listener.b target=?      port=443 protocol="HTTPS" policy="strict"`, ""},
		{"a module with all in it", `
			- module.a.null_resource.n
			- module.a.x_y.r["k"] one="aa" two="bb"
			- module.a.module.c[0].x_y.r one="cc" two="dd"
			+ module.b["x"].null_resource.n
			+ module.b["x"].x_y.r["k"] one="aa" two="bb"
			+ module.b["x"].module.c[0].x_y.r one="cc" two="dd"`, `module.a -> module.b["x"]`},
		{"a module but for one resource", `
			- module.a.x_y.gone one="zz" two="yy"
			- module.a.x_y.r["k"] one="aa" two="bb"
			- module.a.module.c[0].x_y.r one="cc" two="dd"
			+ module.b.x_y.r["k"] one="aa" two="bb"
			+ module.b.module.c[0].x_y.r one="cc" two="dd"`,
			"module.a.x_y.r -> module.b.x_y.r\nmodule.a.module.c[0] -> module.b.module.c[0]"},
		{"a module that goes on", `
			- module.a.x_y.r one="aa" two="bb"
			~ module.a.x_y.s one="aa"
			+ module.b.x_y.r one="aa" two="bb"`, "module.a.x_y.r -> module.b.x_y.r"},
		{"modules swapped against their names", `
			- module.a.x_y.r one="aa" two="bb"
			- module.b.x_y.r one="cc" two="dd"
			- module.a.null_resource.n
			- module.b.null_resource.n
			+ module.c.x_y.r one="cc" two="dd"
			+ module.d.x_y.r one="aa" two="bb"
			+ module.c.null_resource.n
			+ module.d.null_resource.n`, "module.a -> module.d\nmodule.b -> module.c"},
		{"a resource of which one instance goes elsewhere", `
			- x_y.a["k"] one="aa" two="bb"
			- x_y.a["l"] one="cc" two="dd"
			+ x_y.b["k"] one="aa" two="bb"
			+ x_y.c one="cc" two="dd"`, "x_y.a[\"k\"] -> x_y.b[\"k\"]\nx_y.a[\"l\"] -> x_y.c"},
		{"another key of for_each alone is no move", `
			- null_resource.a["k"]
			+ null_resource.a["l"]`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, moves(Moved(parsePlan(t, tc.plan)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
