package aws

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// tagged counts what the tagging API knows of here and no table covers.
// GetResources has what is or ever was tagged, 100 at a time at most:
// https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
func (p *place) tagged(ctx context.Context) error {
	in := &tagging.GetResourcesInput{ResourcesPerPage: aws.Int32(100)}
	seen := map[string]bool{}
	for {
		page, err := call(ctx, p.run, func(ctx context.Context) (*tagging.GetResourcesOutput, error) { return p.tags.GetResources(ctx, in) })
		next := ""
		if err == nil {
			for _, found := range page.ResourceTagMappingList {
				p.count(aws.ToString(found.ResourceARN))
			}
			if next = aws.ToString(page.PaginationToken); seen[next] {
				err = errLoop
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			p.out.uncounted(failure{place: p.name(), reason: reason(err, p.o.Secrets)})
			return nil
		}
		if next == "" {
			return nil
		}
		seen[next] = true
		in.PaginationToken = &next
	}
}

// count counts one ARN, unless it is of something that is listed.
func (p *place) count(text string) {
	a, err := arn.Parse(text)
	if err != nil || !p.regional && a.Region != "" { // a region that is only here for what is global
		return
	}
	if _, _, ok := importid.FromARN(text); ok || p.arns[text] {
		return
	}
	kind, ok := importid.Kind(text)
	if !ok || nativeKinds()[plain(kind)] {
		return
	}
	account := a.AccountID
	if account == "" {
		account = p.account.id
	}
	p.out.unsupported(kind, account, a.Region)
}

// nativeKinds are the types without a row as ARNs would call them: there is no
// table of their ARNs, but most follow from the type, dsql:cluster from AWS::DSQL::Cluster.
var nativeKinds = sync.OnceValue(func() map[string]bool {
	kinds := map[string]bool{}
	for _, cc := range importid.AllCC() {
		if part := strings.Split(cc.CloudFormation, "::"); len(part) == 3 {
			kinds[plain(part[1]+":"+part[2])] = true
		}
	}
	return kinds
})

// plain leaves out what names of types differ by: case and hyphens.
func plain(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "-", ""))
}
