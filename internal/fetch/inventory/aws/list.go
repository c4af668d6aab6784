package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// pageSize is the most that ListResources gives at a time:
// https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ListResources.html
const pageSize = 100

// errLoop ends pages that come again.
var errLoop = errors.New("the pages of the list repeat")

// list hands over the objects of one type within one parent, page by page.
func (p *place) list(ctx context.Context, t *target, within values) error {
	in := &cloudcontrol.ListResourcesInput{TypeName: &t.CloudFormation, MaxResults: aws.Int32(pageSize)}
	if text := within.text(); text != "" {
		in.ResourceModel = &text
	}
	seen := map[string]bool{}
	for {
		page, err := call(ctx, p.run, func(ctx context.Context) (*cloudcontrol.ListResourcesOutput, error) {
			return p.api.ListResources(ctx, in)
		})
		if err != nil {
			return err
		}
		for _, d := range page.ResourceDescriptions {
			if err := p.object(ctx, t, within, d); err != nil {
				return err
			}
		}
		next := aws.ToString(page.NextToken)
		if next == "" {
			return nil
		}
		if seen[next] {
			return errLoop
		}
		seen[next] = true
		in.NextToken = &next
	}
}

// object hands over one object, after asking for what its list didn't tell.
func (p *place) object(ctx context.Context, t *target, within values, d types.ResourceDescription) error {
	f := p.read(t, within, d)
	key := t.Type + "\x00" + f.identifier
	shared := t.Scope == importid.Anywhere
	if shared && p.account.has(key) {
		return nil
	}
	detailed := !f.bare()
	if p.needs(f) {
		more, err := p.detail(ctx, t, f.identifier)
		if err != nil && ends(ctx, err) {
			return err
		}
		if detailed = err == nil; detailed {
			more = types.ResourceDescription{Identifier: d.Identifier, Properties: more.Properties}
			f = p.read(t, within, more)
		}
	}
	p.keep(t, f)
	if !t.told {
		return nil
	}
	o, ok := f.object()
	if !ok {
		p.out.nameless(t.Type)
		return nil
	}
	if !shared {
		return p.tell(ctx, o)
	}
	if o.Region = f.home(detailed); o.Region != "" && !p.run.asked(o.Region) {
		return nil
	}
	if !detailed {
		p.account.hold(key, o)
		return nil
	}
	if p.account.once(key) {
		return nil
	}
	return p.tell(ctx, o)
}

// asked says whether a region is one of those to list.
func (r *run) asked(region string) bool {
	return len(r.o.Regions) == 0 || slices.Contains(r.o.Regions, region)
}

// needs says whether GetResource is to be asked: for the import id or what
// types nested in it are listed by always, for the rest as often as was set.
func (p *place) needs(f facts) bool {
	p.mu.Lock()
	barred := p.denied[f.Type]
	p.mu.Unlock()
	if barred {
		return false
	}
	for _, name := range append(f.Extra(), p.plan.wanted[f.CloudFormation]...) {
		if _, known := f.value(name); !known {
			return true
		}
	}
	if !f.told || !f.bare() {
		return false
	}
	if !p.mayDetail() {
		p.out.note(outOfDetails)
		return false
	}
	return true
}

const outOfDetails = "some objects are known by their identifiers only: there are more of them than are asked for in detail"

// detail asks for all properties of an object. Where that is denied, it isn't
// asked again for others of the type.
func (p *place) detail(ctx context.Context, t *target, identifier string) (types.ResourceDescription, error) {
	answer, err := call(ctx, p.run, func(ctx context.Context) (*cloudcontrol.GetResourceOutput, error) {
		return p.api.GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: &t.CloudFormation, Identifier: &identifier})
	})
	if err != nil {
		if kindOf(err) == denied && t.Scope != importid.Anywhere {
			p.mu.Lock()
			p.denied[t.Type] = true
			p.mu.Unlock()
			p.out.note("objects of " + t.Type + " are known by their identifiers only: " + reason(err, p.o.Secrets))
		}
		return types.ResourceDescription{}, err
	}
	if answer.ResourceDescription == nil {
		return types.ResourceDescription{}, errors.New("an answer without a resource")
	}
	return *answer.ResourceDescription, nil
}

// keep notes what others need of an object: types nested in it, and the
// tagging API, whether it is covered.
func (p *place) keep(t *target, f facts) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wanted := p.plan.wanted[t.CloudFormation]; wanted != nil {
		parent := values{}
		for _, name := range wanted {
			if v, ok := f.value(name); ok {
				parent[name] = v
			}
		}
		p.parents[t.CloudFormation] = append(p.parents[t.CloudFormation], parent)
	}
	if arn := f.arn(); arn != "" && t.native() {
		p.arns[arn] = true
	}
}
