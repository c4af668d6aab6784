package aws

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// defaultRegion is where STS and EC2 are asked when neither the environment
// nor the settings name a region.
const defaultRegion = "us-east-1"

// regionName is what names of regions look like; they become part of a host's name.
var regionName = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-[0-9]+$`)

// check finds mistakes in the settings before anything is contacted.
func (o Options) check() error {
	for _, region := range o.Regions {
		if !regionName.MatchString(region) {
			return userfault.Usage("regions are called eu-west-1 or the like", "AWS: %q is no region", region)
		}
	}
	for _, role := range o.Roles {
		if a, err := arn.Parse(role); err != nil || a.Service != "iam" {
			return userfault.Usage("give the ARN, arn:aws:iam::123456789012:role/NAME", "AWS: %q is no role", role)
		}
	}
	return nil
}

// account is one account, and who we are in it.
type account struct {
	id, partition string
	config        aws.Config

	mu sync.Mutex
	// What may be listed in several regions though it is one thing: told says
	// which was handed over, held is what waits for a region that knows more.
	told map[string]bool
	held map[string]model.Object
}

// load reads the SDK's configuration.
func (r *run) load(ctx context.Context) (aws.Config, error) {
	region := defaultRegion
	if len(r.o.Regions) > 0 {
		region = r.o.Regions[0]
	}
	options := []func(*config.LoadOptions) error{
		config.WithDefaultRegion(region),
		config.WithLogger(logging.LoggerFunc(func(_ logging.Classification, format string, args ...any) {
			r.o.Log.Debug("AWS SDK: " + r.o.Secrets.Text(fmt.Sprintf(format, args...)))
		})),
		config.WithRetryer(func() aws.Retryer { return newRetryer(r.backoff) }),
	}
	if r.o.Transport != nil {
		options = append(options, config.WithHTTPClient(&http.Client{Transport: r.o.Transport}))
	}
	c, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return c, userfault.Wrap(err, "see AWS_PROFILE, AWS_CONFIG_FILE and AWS_REGION", "AWS: reading the configuration")
	}
	transport := r.o.Transport
	if own, ok := c.HTTPClient.(*awshttp.BuildableClient); ok && transport == nil {
		transport = own.GetTransport() // it has the certificates of AWS_CA_BUNDLE
	}
	// The SDK retries; the client bounds answers and ends those that stall.
	c.HTTPClient = wire.New(wire.Options{MaxRetries: -1, MaxBody: wire.APIBody, Transport: transport, Log: r.o.Log, Secrets: r.o.Secrets})
	return c, nil
}

// enter assumes a role, "" for none, and asks whose account it is.
func (r *run) enter(ctx context.Context, base aws.Config, role string) (*account, error) {
	a := &account{config: base.Copy(), told: map[string]bool{}, held: map[string]model.Object{}}
	who, hint := "the caller", "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in by OpenID Connect"
	if role != "" {
		who, hint = role, "the role's trust policy must allow the caller to assume it"
		a.config.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(base), role,
			func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = "strandline" }))
	}
	// A time of its own, as without any credentials the SDK looks for a
	// metadata service that may be nowhere.
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	// It is the first thing that is asked: where nobody answers, patience is of no use.
	client := sts.NewFromConfig(a.config, func(o *sts.Options) { o.RetryMaxAttempts = 3 })
	identity, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		var network *net.OpError
		if errors.As(err, &network) {
			hint = "see the network, HTTPS_PROXY and AWS_ENDPOINT_URL"
		}
		return nil, userfault.New(hint, "AWS: %s: no access: %s", who, reason(err, r.o.Secrets))
	}
	caller, err := arn.Parse(aws.ToString(identity.Arn))
	if a.id = aws.ToString(identity.Account); err != nil || a.id == "" {
		return nil, userfault.New("is AWS_ENDPOINT_URL right?", "AWS: %s: STS didn't say whose account it is", who)
	}
	a.partition = caller.Partition
	return a, nil
}

// regions are those of the settings, or all that are enabled.
func (r *run) regions(ctx context.Context, a *account) ([]string, error) {
	if len(r.o.Regions) > 0 {
		named := slices.Clone(r.o.Regions)
		slices.Sort(named)
		return slices.Compact(named), nil
	}
	answer, err := call(ctx, r, func(ctx context.Context) (*ec2.DescribeRegionsOutput, error) {
		return ec2.NewFromConfig(a.config).DescribeRegions(ctx, &ec2.DescribeRegionsInput{})
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	found := map[string]bool{}
	if err == nil {
		for _, region := range answer.Regions {
			if name := aws.ToString(region.RegionName); regionName.MatchString(name) && aws.ToString(region.OptInStatus) != "not-opted-in" {
				found[name] = true
			}
		}
	}
	if err != nil || len(found) == 0 {
		why := "the answer was empty"
		if err != nil {
			why = reason(err, r.o.Secrets)
		}
		r.out.problem(fmt.Sprintf("AWS: which regions are enabled in account %s isn't known, only %s was listed: %s", a.id, a.config.Region, why),
			"allow ec2:DescribeRegions, or name the regions: --inventory aws:REGION+REGION")
		found[a.config.Region] = true
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// globalRegion is where a partition's global services are listed.
func (a *account) globalRegion() string {
	switch a.partition {
	case "aws":
		return "us-east-1"
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return a.config.Region
}

// once reports that an object was already handed over, and notes that it now is.
func (a *account) once(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.told[key]
	a.told[key] = true
	delete(a.held, key)
	return was
}

// has says whether an object was handed over.
func (a *account) has(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.told[key]
}

// hold keeps an object back, as another region may know more of it.
func (a *account) hold(key string, o model.Object) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.told[key] {
		a.held[key] = o
	}
}

// flush hands over what no region knew more of.
func (a *account) flush(tell func(model.Object) error) error {
	for _, key := range slices.Sorted(maps.Keys(a.held)) {
		if err := tell(a.held[key]); err != nil {
			return err
		}
	}
	return nil
}
