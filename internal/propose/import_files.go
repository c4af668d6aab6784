package propose

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// services are files for AWS's types whose second word isn't what a person would
// look for, by how types begin behind the provider's name; the longest counts.
var services = map[string]string{
	"instance": "ec2", "ami": "ec2", "ebs": "ec2", "key_pair": "ec2", "launch": "ec2", "placement_group": "ec2", "spot": "ec2",
	"volume_attachment": "ec2", "vpc": "vpc", "subnet": "vpc", "route": "vpc", "internet_gateway": "vpc", "egress_only": "vpc",
	"nat_gateway": "vpc", "network_acl": "vpc", "network_interface": "vpc", "security_group": "vpc", "eip": "vpc", "default": "vpc",
	"flow_log": "vpc", "customer_gateway": "vpc", "vpn": "vpc", "ec2_managed_prefix_list": "vpc", "main_route_table": "vpc",
	"db": "rds", "alb": "lb", "elb": "lb", "api_gateway": "api_gateway", "apigatewayv2": "api_gateway",
	"elastic_beanstalk": "elastic_beanstalk", "service_discovery": "service_discovery", "network_firewall": "network_firewall",
	"s3control": "s3", "sesv2": "ses", "wafv2": "waf",
}

// serviceOf returns the file, without .tf, for a type: s3 for aws_s3_bucket.
func serviceOf(typ string) string {
	provider, name, _ := strings.Cut(typ, "_")
	words := strings.Split(name, "_")
	for n := len(words); n > 0 && provider == "aws"; n-- {
		if file, ok := services[strings.Join(words[:n], "_")]; ok {
			return file
		}
	}
	switch words[0] {
	case "", "imports", "variables", "override":
		return words[0] + "_resources"
	}
	return words[0]
}

// blocks are the texts of what a resource is adopted with.
type blocks struct{ imports, resource string }

// write makes the blocks of r, once for as long as nothing of r changes. One
// whose configuration can't be written is left to Terraform to write.
func (b *Batch) write(r *adopted) blocks {
	if r.text == nil {
		r.text = &blocks{imports: b.importBlock(r), resource: r.kept}
		if r.body != nil && r.kept == "" {
			r.text.resource = r.resourceBlock()
		}
	}
	return *r.text
}

// importBlock writes the import block of r.
func (b *Batch) importBlock(r *adopted) string {
	if r.provider == "" && !b.byIdentity(r.object) { // as nearly all are: hclwrite would take its time
		return "import {\n  to = " + r.address + "\n  id = " + string(quoted(b.importID(r.object)).Bytes()) + "\n}\n"
	}
	f := hclwrite.NewEmptyFile()
	block := f.Body().AppendNewBlock("import", nil).Body()
	block.SetAttributeTraversal("to", traversalOf(r.address))
	if r.provider != "" {
		block.SetAttributeTraversal("provider", traversalOf(r.provider))
	}
	if b.byIdentity(r.object) {
		block.SetAttributeRaw("identity", tokensOf(cty.ObjectVal(identityOf(r.object))))
	} else {
		block.SetAttributeRaw("id", quoted(b.importID(r.object)))
	}
	return string(f.Bytes())
}

// resourceBlock writes the resource block of r, "" where that can't be done.
func (r *adopted) resourceBlock() string {
	typ, name, _ := strings.Cut(r.address, ".")
	f := hclwrite.NewEmptyFile()
	block := f.Body().AppendNewBlock("resource", []string{typ, name}).Body()
	if r.provider != "" {
		block.SetAttributeTraversal("provider", traversalOf(r.provider))
	}
	r.body.write(block, r.refs)
	r.writeIgnored(block)
	text := hclwrite.Format(f.Bytes())
	if _, diags := hclsyntax.ParseConfig(text, "", hcl.InitialPos); diags.HasErrors() {
		return ""
	}
	return string(text)
}

// writeIgnored adds the lifecycle block, in which each entry of ignore_changes
// has its reason.
func (r *adopted) writeIgnored(to *hclwrite.Body) {
	if len(r.ignored) == 0 {
		return
	}
	if len(r.body.items) > 0 || r.provider != "" {
		to.AppendNewline()
	}
	inner := to.AppendNewBlock("lifecycle", nil).Body()
	var list []hclwrite.Tokens
	for _, name := range slices.Sorted(maps.Keys(r.ignored)) {
		inner.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + comment(name+" "+r.ignored[name]) + "\n")}})
		list = append(list, hclwrite.TokensForIdentifier(name))
	}
	inner.SetAttributeRaw("ignore_changes", hclwrite.TokensForTuple(list))
}

// comment makes one line of a text.
func comment(s string) string {
	s = strings.Map(func(r rune) rune {
		if isHidden(r) || r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	if runes := []rune(s); len(runes) > 300 {
		s = string(runes[:300]) + "…"
	}
	return strings.TrimSpace(s)
}

// block writes the block of a variable.
func (v Variable) block() string {
	f := hclwrite.NewEmptyFile()
	block := f.Body().AppendNewBlock("variable", []string{v.Name}).Body()
	block.SetAttributeValue("description", cty.StringVal("The value of "+v.About))
	block.SetAttributeRaw("type", hclwrite.TokensForIdentifier(v.Type))
	block.SetAttributeValue("sensitive", cty.True)
	if !v.Required {
		block.SetAttributeValue("default", cty.NullVal(cty.DynamicPseudoType))
	}
	return string(f.Bytes())
}

// Files returns the files to write, whole, with paths from the workspace's
// folder, sorted. None of them is a person's.
func (b *Batch) Files() []model.File {
	b.link()
	made := map[string]bool{}
	pieces := map[string][]piece{}
	add := func(base, key, text string) {
		if text != "" {
			name := b.folder.fileFor(base)
			pieces[name] = append(pieces[name], piece{key, text})
			made[key] = true
		}
	}
	for _, r := range b.resources {
		text := b.write(r)
		add("imports", "import "+r.address, text.imports)
		add(serviceOf(r.object.Type), r.address, text.resource)
	}
	for _, r := range b.resources {
		if r.fresh {
			made[r.address] = true
		}
	}
	for address := range b.discarded {
		made[address], made["import "+address] = true, true
	}
	for _, v := range b.Variables() {
		add("variables", "var."+v.Name, v.block())
	}
	for name, list := range b.folder.blocks { // what now stands elsewhere, or nowhere, goes
		if pieces[name] == nil && slices.ContainsFunc(list, func(p piece) bool { return made[p.key] }) {
			pieces[name] = []piece{}
		}
	}
	var out []model.File
	for name, list := range pieces {
		for _, p := range b.folder.blocks[name] {
			if p.key == "" || !made[p.key] {
				list = append(list, p)
			}
		}
		slices.SortStableFunc(list, func(x, y piece) int { return strings.Compare(x.key, y.key) })
		var content strings.Builder
		for i, p := range list {
			if i > 0 {
				content.WriteString("\n")
			}
			content.WriteString(p.text)
		}
		out = append(out, model.File{Path: name, Content: withHeader(content.String())})
	}
	slices.SortFunc(out, func(x, y model.File) int { return strings.Compare(x.Path, y.Path) })
	return out
}

// Blocks returns the blocks that one resource is adopted with, "" where there
// is no such address.
func (b *Batch) Blocks(address string) string {
	var texts []string
	for _, f := range b.filesOf(address) {
		texts = append(texts, f.Content)
	}
	return strings.Join(texts, "\n")
}

// filesOf returns the parts of Files that are one resource's.
func (b *Batch) filesOf(address string) []model.File {
	r := b.resources[address]
	if r == nil {
		return nil
	}
	b.link()
	text := b.write(r)
	out := []model.File{{Path: b.folder.fileFor("imports"), Content: text.imports}}
	if text.resource != "" {
		out = append(out, model.File{Path: b.folder.fileFor(serviceOf(r.object.Type)), Content: text.resource})
	}
	if r.body != nil {
		for _, it := range r.body.items {
			if it.variable != "" {
				out = append(out, model.File{Path: b.folder.fileFor("variables"), Content: b.secrets[it.variable].block()})
			}
		}
	}
	return out
}

// Variables returns the variables that stand for secret arguments, by name.
func (b *Batch) Variables() []Variable {
	used := map[string]bool{}
	for _, r := range b.resources {
		if r.body != nil {
			for _, it := range r.body.items {
				used[it.variable] = true
			}
		}
	}
	var out []Variable
	for _, name := range slices.Sorted(maps.Keys(b.secrets)) {
		if used[name] {
			out = append(out, b.secrets[name])
		}
	}
	return out
}
