package aws

import (
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// maxShut is after how many failures in a row, each of which could be the
// region's and not the type's, a region is left.
const maxShut = 10

// place is one region of one account while it is listed.
type place struct {
	*run
	account          *account
	region           string
	regional, global bool // which types are listed here
	api              *cloudcontrol.Client
	tags             *tagging.Client

	mu      sync.Mutex
	parents map[string][]values // of types that others are nested in, the wanted properties
	became  map[string]result   // of types
	denied  map[string]bool     // types whose details are denied
	arns    map[string]bool     // of objects of types without rows
	shuts   []failure           // in a row
	shut    bool
	any     bool // something was listed
}

// places are the regions of an account, with the one where its global types are.
func (r *run) places(a *account, regions []string) []*place {
	global := a.globalRegion()
	all := regions
	if !slices.Contains(regions, global) {
		all = append(slices.Clone(regions), global)
	}
	var places []*place
	for _, region := range all {
		c := a.config.Copy()
		c.Region = region
		places = append(places, &place{
			run: r, account: a, region: region, regional: slices.Contains(regions, region), global: region == global,
			api: cloudcontrol.NewFromConfig(c), tags: tagging.NewFromConfig(c),
			parents: map[string][]values{}, became: map[string]result{}, denied: map[string]bool{}, arns: map[string]bool{},
		})
	}
	return places
}

// walk lists everything here. What fails is noted; the error is one that ends
// the whole list.
func (p *place) walk(ctx context.Context) error {
	for _, wave := range p.plan.waves {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(perRegion)
		for _, t := range wave {
			if p.lists(t) {
				g.Go(func() error { return p.target(ctx, t) })
			}
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	p.settle()
	if p.shut {
		return nil
	}
	return p.tagged(ctx)
}

// lists says whether a type is to be listed in this region.
func (p *place) lists(t *target) bool {
	if t.Scope == importid.Global {
		return p.global
	}
	return p.regional
}

// target lists one type, within each of its parents.
func (p *place) target(ctx context.Context, t *target) error {
	inherited := p.inherited(t)
	became := inherited
	queue := p.models(t)
	asked := map[string]bool{}
	offered := len(queue) == 0
	for len(queue) > 0 && !p.left() {
		within := queue[0]
		queue = queue[1:]
		asked[within.text()] = true
		err := p.list(ctx, t, within)
		if err != nil && ends(ctx, err) {
			return err
		}
		this := p.note(t, err)
		offered = offered || this != nowhere
		if this == partly {
			became = partly
		}
		if len(queue) == 0 && t.nests() {
			queue = slices.DeleteFunc(p.models(t), func(m values) bool { return asked[m.text()] })
		}
	}
	if p.left() { // what became of it says nothing about the type
		return nil
	}
	if became == listed && !offered {
		became = nowhere
	}
	p.mu.Lock()
	p.became[t.CloudFormation] = became
	p.mu.Unlock()
	if became != partly || inherited == partly { // its own failures say it themselves, once they are known to be its own
		p.out.became(t.Type, became)
	}
	return nil
}

// left says whether nothing more is to be listed here.
func (p *place) left() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shut
}

// inherited is what became of the types that this one is listed within: of
// several the worst.
func (p *place) inherited(t *target) result {
	p.mu.Lock()
	defer p.mu.Unlock()
	worst := listed
	for _, g := range t.Given {
		for _, parent := range g.Parents {
			worst = max(worst, p.became[parent.CloudFormation])
		}
	}
	return worst
}

// models are what to list a type within, here and now.
func (p *place) models(t *target) []values {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := models(t.Given, p.account.id, func(cloudFormation string) []values { return p.parents[cloudFormation] })
	seen := map[string]bool{} // several objects may give the same
	return slices.DeleteFunc(all, func(m values) bool {
		text := m.text()
		twice := seen[text]
		seen[text] = true
		return twice || m["Scope"] == "CLOUDFRONT" && !p.global // WAF has those in us-east-1 only
	})
}

// result is what became of a listing, from good to bad.
type result int

const (
	listed  result = iota // to its end
	nowhere               // it isn't offered here
	partly                // not, or not to its end: what isn't there may exist
)

// note tells an error of a listing to the outcome, or keeps it until it is
// clear whether it is the region's.
func (p *place) note(t *target, err error) result {
	if err == nil {
		p.answers()
		return listed
	}
	f := failure{kind: kindOf(err), typ: t.Type, place: p.name(), reason: reason(err, p.o.Secrets)}
	p.o.Log.Debug("not listed", "type", t.CloudFormation, "region", p.region, "reason", f.reason)
	switch f.kind {
	case vanished: // the parent, meanwhile
		return listed
	case unavailable:
		return nowhere
	case shut:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shuts = append(p.shuts, f)
		p.shut = p.shut || len(p.shuts) >= maxShut
		return partly
	}
	p.answers()
	p.out.failed(f)
	return partly
}

// name is the region as messages have it.
func (p *place) name() string { return p.region + " of account " + p.account.id }

// answers notes that the region does: failures before were their types'.
func (p *place) answers() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.any = true
	if !p.shut {
		p.blame(p.shuts)
		p.shuts = nil
	}
}

// settle decides, at the end, what the failures that were kept are of.
func (p *place) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = p.shut || len(p.shuts) > 0 && !p.any
	if p.shut {
		p.out.shut(p.shuts[0])
		return
	}
	p.blame(p.shuts)
}

// blame tells failures as those of their types.
func (p *place) blame(all []failure) {
	for _, f := range all {
		f.kind = failed
		if action(f.reason) != "" {
			f.kind = denied
		}
		p.out.failed(f)
	}
}
