// Package aws lists what exists in AWS: every type of importid's tables through
// the Cloud Control API, in all regions of one account or several. It comes
// before matching, which wants to know which of it the states manage.
//
// For each account (account.go) each region is walked by itself (place.go): types that
// have to be listed within others wait for those (target.go, models.go). An
// answer of Cloud Control becomes an object (object.go, attributes.go); what
// goes wrong is told apart (failure.go) and put together over regions and
// accounts (outcome.go), so that a denied type is told once. At last the
// tagging API says what no table covers (tagging.go).
//
// A region takes about 1,050 requests with nothing in it, so the 17 that an
// account has enabled by default take 18,000; to them comes one for each
// hundred objects, for each type listed within an object, and for each object
// whose list tells nothing but its name. Nothing is ever written.
package aws

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Defaults of Options.
const (
	DefaultParallel = 24
	DefaultDetails  = 10_000
)

// perRegion is how many requests one region of an account gets at a time.
const perRegion = 8

// Options configures New. The zero value is usable.
type Options struct {
	// Regions are what to list; nil is every region that is enabled in the
	// account. What belongs to no region is listed in any case.
	Regions []string
	// Roles are ARNs of roles that are assumed one after another; nil is the
	// caller's own account.
	Roles []string
	// Types says which Terraform types to list; nil is all.
	Types func(terraformType string) bool
	// Parallel is how many requests are on their way at a time, over all
	// regions; 0 is DefaultParallel.
	Parallel int
	// Details is for how many objects, of those whose list tells nothing but
	// their identifier, the rest is asked for, one request each; 0 is
	// DefaultDetails, a negative number none.
	Details int
	// Secrets gets the values of properties that are secret by their name.
	Secrets *secret.Set
	// Transport makes the exchanges; nil is the SDK's own, which follows
	// HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and AWS_CA_BUNDLE.
	Transport http.RoundTripper
	Log       *slog.Logger // nil: silence
}

// Source is an inventory of AWS.
type Source struct {
	o       Options
	backoff time.Duration // the longest wait between two attempts
}

// New returns the inventory. Credentials, region and endpoints are found by
// the SDK's own ways (AWS_PROFILE, AWS_ENDPOINT_URL and so on), when List begins.
func New(o Options) *Source {
	o.Parallel = cmp.Or(o.Parallel, DefaultParallel)
	o.Details = cmp.Or(o.Details, DefaultDetails)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Types == nil {
		o.Types = func(string) bool { return true }
	}
	return &Source{o: o, backoff: maxBackoff}
}

// Name implements inventory.Source.
func (*Source) Name() string { return "aws" }

// List implements inventory.Source. The order of objects isn't fixed. An error
// means that the settings are wrong (userfault.CodeUsage), that nothing could
// be listed at all, or that yield or ctx ended it.
//
// Unsupported counts what the tagging API knows and no table covers. It knows
// what is or ever was tagged: things without tags are missing there, and some
// that were deleted lately are not.
func (s *Source) List(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	if err := s.o.check(); err != nil {
		return inventory.Listing{}, err
	}
	r := &run{
		o: s.o, backoff: s.backoff, yield: yield,
		plan: newPlan(s.o.Types), out: newOutcome(s.o.Secrets),
		slots: make(chan struct{}, s.o.Parallel), details: s.o.Details,
	}
	err := r.accounts(ctx)
	listing := r.out.listing(r.plan)
	if err == nil && !r.out.any() {
		err = userfault.New("the credentials need cloudformation:ListResources and what the services want for listing, as in the managed policy ReadOnlyAccess",
			"AWS: nothing could be listed: %s", r.out.why())
	}
	return listing, err
}

// run is one List.
type run struct {
	o       Options
	backoff time.Duration
	plan    *plan
	out     *outcome
	slots   chan struct{} // one for each request on its way

	mu      sync.Mutex
	yield   func(model.Object) error
	ended   error // yield's
	details int   // how many are left
}

// accounts lists one account after another.
func (r *run) accounts(ctx context.Context) error {
	base, err := r.load(ctx)
	if err != nil {
		return err
	}
	roles := r.o.Roles
	if len(roles) == 0 {
		roles = []string{""}
	}
	done := map[string]bool{}
	var last error
	for _, role := range roles {
		a, err := r.enter(ctx, base, role)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			last = err
			r.out.problem(err.Error(), userfault.Hint(err))
			continue
		}
		if done[a.id] {
			r.out.note("several roles are of account " + a.id + ": it was listed with the first")
			continue
		}
		done[a.id] = true
		if err := r.account(ctx, a); err != nil {
			return err
		}
	}
	if len(done) == 0 {
		return last
	}
	return nil
}

// account lists all regions of one account at once.
func (r *run) account(ctx context.Context, a *account) error {
	regions, err := r.regions(ctx, a)
	if err != nil {
		return err
	}
	places := r.places(a, regions)
	r.o.Log.Info("listing AWS", "account", a.id, "regions", len(regions), "types", len(r.plan.told))
	g, within := errgroup.WithContext(ctx)
	for _, p := range places {
		g.Go(func() error { return p.walk(within) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return a.flush(func(o model.Object) error { return r.tell(ctx, o) })
}

// tell hands an object over, one at a time.
func (r *run) tell(ctx context.Context, o model.Object) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.ended == nil {
		if err := r.yield(o); err != nil {
			r.ended = stop{err}
		}
	}
	return r.ended
}

// mayDetail takes one of the details that are left.
func (r *run) mayDetail() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.details--
	return r.details >= 0
}

// stop is an error that ends the whole list: yield's.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

// ends says whether an error is for the whole list rather than for one type.
func ends(ctx context.Context, err error) bool {
	var s stop
	return ctx.Err() != nil || errors.As(err, &s)
}

// call makes a request in one of the slots.
func call[T any](ctx context.Context, r *run, request func(context.Context) (T, error)) (T, error) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
		return request(ctx)
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
