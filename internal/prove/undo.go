package prove

import (
	"regexp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
)

// planned is a configuration of a resource that a plan could be made with, and
// the top-level arguments that would change by it, with how that is told.
type planned struct {
	config  propose.Configuration
	differs map[string]string
}

// remember keeps what can be planned, to come back to where a repair makes
// things worse.
func (v *verifier) remember(f *findings) {
	for address, c := range f.ours {
		if c.Import == nil || f.faulty(address) || slices.Contains(f.unwritten, address) {
			continue
		}
		p := planned{v.batch.Configuration(address), map[string]string{}}
		for name, differing := range byArgument(c) {
			p.differs[name] = reason(differing)
		}
		v.planned[address] = p
	}
}

func (f *findings) faulty(address string) bool {
	return slices.ContainsFunc(f.faults, func(x fault) bool { return x.address == address })
}

// byArgument are the attributes that a change tells of, by top-level argument.
func byArgument(c model.Change) map[string][]model.Attribute {
	out := map[string][]model.Attribute{}
	for _, a := range c.Attributes {
		if !a.Unknown || a.ForcesReplacement {
			out[topOf(a.Path)] = append(out[topOf(a.Path)], a)
		}
	}
	return out
}

// takeBack undoes, once, what has been done to a resource since it could be
// planned: that it is refused now is the repair's fault, not the object's. What
// would have changed then is ignored. What of it is known to be secret since
// is taken out again before it is planned (see hide).
func (v *verifier) takeBack(address string) bool {
	p, ok := v.planned[address]
	key := address + " taken back"
	if !ok || v.tried[key] > 0 || !v.batch.Return(address, p.config) {
		return false
	}
	v.tried[key]++
	v.closed[address] = true
	v.note("%s: back to what could be planned", address)
	for name, why := range p.differs {
		if !v.isIgnored(address, name) && v.batch.IgnoreChanges(address, name, why) {
			v.note("%s: changes of %s ignored", address, name)
		}
	}
	return true
}

// Terraform's words for what is written as the wrong one of two things. See
// https://github.com/hashicorp/hcl/blob/main/hclsyntax/structure.go
var (
	meantBlock    = regexp.MustCompile(`Did you mean to define a block of type "`)
	meantArgument = regexp.MustCompile(`Did you mean to define argument "`)
)

// reshape writes blocks instead of an argument, or the reverse, where Terraform
// says that this is what is wrong: without a schema they look the same.
func (v *verifier) reshape(x fault) bool {
	text := strings.Join(strings.Fields(x.said.Detail), " ")
	switch {
	case meantBlock.MatchString(text) && v.batch.AsBlocks(x.address, x.path):
		v.note("%s: %s written as blocks", x.address, x.path)
	case meantArgument.MatchString(text) && v.batch.AsArgument(x.address, x.path):
		v.note("%s: %s written as an argument", x.address, x.path)
	default:
		return false
	}
	return true
}

// withoutIdentity writes ids instead of identities, once, where Terraform takes
// none: what plans may be older than what wrote the state.
func (v *verifier) withoutIdentity(x fault) bool {
	aboutForm := x.importing && (x.path == "id" || x.path == "identity")
	if !aboutForm && !strings.Contains(strings.ToLower(x.said.Summary), "identity") {
		return false
	}
	if !v.byIdentity(x.address) {
		return v.byID > 0 && v.byID == v.result.Plans // another error of the same round
	}
	if v.byID == 0 && v.batch.ByID() {
		v.byID = v.result.Plans
		v.note("identities are not taken in import blocks: imported by id")
	}
	return !v.byIdentity(x.address)
}

func (v *verifier) byIdentity(address string) bool {
	return slices.ContainsFunc(v.batch.Resources(), func(a propose.Adopted) bool { return a.Address == address && a.Identity != nil })
}
