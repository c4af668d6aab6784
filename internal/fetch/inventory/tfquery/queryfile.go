package tfquery

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// QueryFile returns the query file, by its name in the working directory, that
// lists all that the providers of the configuration in dir can list as they
// are, each through each of its configurations there, and at most limit objects
// each (0: 100,000, as Terraform knows no way to say "all"). text is "" where
// that is nothing. The notes say what is not looked for.
func QueryFile(dir string, known *schema.Schemas, limit int) (name, text string, notes []string, err error) {
	if len(known.Bound) > 0 {
		notes = []string{fmt.Sprintf("%d types were not looked for, since listing them needs arguments: %s", len(known.Bound), strings.Join(known.Bound, ", "))}
	}
	if len(known.Lists) > 0 {
		text, err = queryText(dir, known.Lists, cmp.Or(limit, manyObjects))
	}
	return queryFile, text, notes, err
}

// queryText returns a query file with a list block for each type and each
// configuration of its provider in dir, whose files are read for what the
// providers are called there.
func queryText(dir string, lists []schema.List, limit int) (string, error) {
	names, err := providersIn(dir)
	if err != nil {
		return "", err
	}
	file := hclwrite.NewEmptyFile()
	for _, l := range lists {
		for _, configuration := range names.configurations(l.Source) {
			label := label
			if len(configuration) > 1 {
				label += "_" + configuration[1]
			}
			traversal := hcl.Traversal{hcl.TraverseRoot{Name: configuration[0]}}
			for _, alias := range configuration[1:] {
				traversal = append(traversal, hcl.TraverseAttr{Name: alias})
			}
			body := file.Body().AppendNewBlock("list", []string{l.Type, label}).Body()
			body.SetAttributeTraversal("provider", traversal)
			body.SetAttributeValue("include_resource", cty.True)
			body.SetAttributeValue("limit", cty.NumberIntVal(int64(limit)))
		}
	}
	return firstLine + string(file.Bytes()), nil
}

// providerNames is what a configuration calls its providers.
type providerNames struct {
	local   map[string]string   // source address -> local name
	aliases map[string][]string // local name -> aliases; "" is the default configuration
}

// configurations returns the configurations of the provider at source, each as
// its local name and, unless it is the default one, its alias.
func (n providerNames) configurations(source string) [][]string {
	local, ok := n.local[source]
	if !ok {
		local = source[strings.LastIndex(source, "/")+1:]
	}
	var out [][]string
	for _, alias := range n.aliases[local] {
		if alias == "" {
			out = append(out, []string{local})
			continue
		}
		out = append(out, []string{local, alias})
	}
	if out == nil { // configured by its environment alone
		out = [][]string{{local}}
	}
	return out
}

// providersIn reads the .tf files of dir for the names and configurations of
// providers. A file that can't be parsed is passed over: terraform says so.
func providersIn(dir string) (providerNames, error) {
	out := providerNames{local: map[string]string{}, aliases: map[string][]string{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return out, userfault.Wrap(err, "", "the working directory can't be read")
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".tf" || e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return out, userfault.Wrap(err, "", "the configuration can't be read")
		}
		file, diags := hclsyntax.ParseConfig(text, e.Name(), hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			out.block(block)
		}
	}
	for _, aliases := range out.aliases {
		slices.Sort(aliases)
	}
	return out, nil
}

func (n providerNames) block(block *hclsyntax.Block) {
	switch {
	case block.Type == "provider" && len(block.Labels) == 1:
		alias := ""
		if a := block.Body.Attributes["alias"]; a != nil {
			alias = text(a.Expr)
		}
		if alias != "" && !hclsyntax.ValidIdentifier(alias) {
			return // no configuration that terraform accepts
		}
		if local := block.Labels[0]; !slices.Contains(n.aliases[local], alias) {
			n.aliases[local] = append(n.aliases[local], alias)
		}
	case block.Type == "terraform":
		for _, inner := range block.Body.Blocks {
			if inner.Type != "required_providers" {
				continue
			}
			for local, a := range inner.Body.Attributes {
				n.require(local, a.Expr)
			}
		}
	}
}

// require takes in one entry of required_providers: { source = "…", … }, or
// from before Terraform 0.13 a version only.
func (n providerNames) require(local string, e hclsyntax.Expression) {
	source := local
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok {
		for _, item := range object.Items {
			if text(item.KeyExpr) == "source" {
				source = text(item.ValueExpr)
			}
		}
	}
	parts := strings.Split(strings.ToLower(source), "/")
	if len(parts) == 1 {
		parts = append([]string{"hashicorp"}, parts...)
	}
	if len(parts) == 2 {
		parts = append([]string{"registry.terraform.io"}, parts...)
	}
	address := strings.Join(parts, "/")
	if known, twice := n.local[address]; !twice || local < known {
		n.local[address] = local
	}
}

// text returns a literal string, "" for anything else.
func text(e hclsyntax.Expression) string {
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}
