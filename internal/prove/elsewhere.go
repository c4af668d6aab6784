package prove

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// A name may be taken once in each region or account, and an import block says
// nothing of them: the provider looks where it is configured to, and finds an
// object that happens to have the same id. What comes of that plans without a
// change, and is another object than the inventory's.

// elsewhereLast is why nothing is proven where the last plan told of that.
const elsewhereLast = "what the last plan found in another place was taken out after it: run it again"

// adoptedObjects are what the inventory tells of what is adopted, by address;
// without anything in them where that isn't known.
func (v *verifier) adoptedObjects() map[string]model.Object {
	out := map[string]model.Object{}
	for _, a := range v.batch.Resources() {
		out[a.Address] = model.Object{}
		if a.Object < len(v.objects) && v.objects[a.Object].Object != nil {
			out[a.Address] = *v.objects[a.Object].Object
		}
	}
	return out
}

// elsewhere says of what is imported why it isn't what was to be, as far as a
// plan tells where that is: it keeps little of what stays as it is.
func (v *verifier) elsewhere(f *findings) map[string]string {
	out, objects, written := map[string]string{}, v.adoptedObjects(), map[string]string{}
	for _, w := range f.written {
		if w.resource {
			written[w.address] = w.literal("region")
		}
	}
	for _, a := range v.batch.Resources() {
		o := objects[a.Address]
		if row, known := importid.Lookup(o.Type); known && row.Scope == importid.Global {
			continue // what an inventory tells of its region is where it asked
		}
		if slices.Contains(a.Ignored, "region") {
			written[a.Address] = ""
		}
		region, arn := f.found(a.Address, written[a.Address])
		of, account := placeOf(arn)
		if arn != "" && arn == o.ARN {
			of, account = "", "" // an object may be of another account than it was found in
		}
		for _, pair := range [][2]string{{region, o.Region}, {of, o.Region}, {account, o.Account}} {
			if contradicts(pair[0], pair[1]) {
				out[a.Address] = "the plan finds it in " + pair[0] + ", not in " + pair[1] + ": no provider configuration reaches it"
				break
			}
		}
	}
	return out
}

// leaveElsewhere leaves that out, and reports whether there was anything.
func (v *verifier) leaveElsewhere(f *findings) bool {
	for _, a := range v.batch.Resources() {
		if why := f.elsewhere[a.Address]; why != "" {
			v.remove(a.Address, why)
		}
	}
	return len(f.elsewhere) > 0
}

// found returns the region and ARN of what is imported at an address, "" where
// the plan doesn't tell: what would change is told, and what was generated, and
// of what is imported without a change the region that is written is true.
func (f *findings) found(address, written string) (region, arn string) {
	told := map[string]model.Value{}
	c, planned := f.ours[address]
	if planned && c.Import != nil {
		for _, l := range c.Unchanged {
			told[l.Path] = l.Value
		}
		differs := false
		for _, a := range c.Attributes {
			if differs = differs || a.Path == "region"; !a.Sensitive {
				told[a.Path] = a.Before
			}
		}
		if !differs {
			region = written
		}
	}
	for _, w := range readBlocks(map[string][]byte{"": []byte(f.generated[address])}) {
		if w.resource && region == "" {
			region = w.literal("region")
		}
	}
	if s, isText := decoded(told["region"]).(string); isText {
		region = s
	}
	arn, _ = decoded(told["arn"]).(string)
	return region, arn
}

// literal returns the text that a block's argument is set to, "" for none.
func (w written) literal(name string) string {
	a := w.block.Body.Attributes[name]
	if a == nil {
		return ""
	}
	value, diags := a.Expr.Value(&hcl.EvalContext{})
	if diags.HasErrors() || value.IsNull() || !value.IsKnown() || value.Type().FriendlyName() != "string" {
		return ""
	}
	return value.AsString()
}

// placeOf returns the region and the account that an ARN has in it, "" for none.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func placeOf(arn string) (region, account string) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 || part[0] != "arn" {
		return "", ""
	}
	return part[3], part[4]
}

// contradicts reports whether two places are known and can't both be true: a
// zone lies in its region, and what is global is told to be in many ways.
func contradicts(real, told string) bool {
	real, told = strings.ToLower(real), strings.ToLower(told)
	clear := func(s string) bool {
		return s != "" && s != "aws" && !strings.Contains(s, "global") && !strings.Contains(s, "/")
	}
	return clear(real) && clear(told) && !strings.HasPrefix(real, told) && !strings.HasPrefix(told, real)
}
