package main

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The environment that stands in for the provider's configuration, and what
// stands in for both.
const (
	directoryVariable = "SHORE_DIRECTORY"
	defaultRegion     = "north-1"
	defaultAccount    = "100000000001"
)

type shore struct {
	getenv func(string) string
	now    func() time.Time
}

var (
	_ provider.Provider                  = (*shore)(nil)
	_ provider.ProviderWithListResources = (*shore)(nil)
)

// newProvider returns what providerserver wants: a function that makes providers.
func newProvider(getenv func(string) string, now func() time.Time) func() provider.Provider {
	return func() provider.Provider { return &shore{getenv: getenv, now: now} }
}

func (p *shore) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "shore"
}

func (p *shore) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"directory": schema.StringAttribute{Optional: true,
			Description: "Where the objects are kept; without it, " + directoryVariable + " of the environment says."},
		"region":  schema.StringAttribute{Optional: true, Description: "The region of objects that name none; " + defaultRegion + " by default."},
		"account": schema.StringAttribute{Optional: true, Description: "The account in ARNs; " + defaultAccount + " by default."},
	}}
}

// Configure gives resources, list resources and data sources the cloud.
func (p *shore) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	setting := func(name, otherwise string) string {
		var v types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &v)...)
		if s := v.ValueString(); s != "" {
			return s
		}
		return otherwise
	}
	c := &cloud{
		store: store(setting("directory", p.getenv(directoryVariable))),
		world: world{region: setting("region", defaultRegion), account: setting("account", defaultAccount)},
		now:   p.now,
	}
	if c.store == "" {
		resp.Diagnostics.AddError("no directory", "Set directory in the provider's configuration, or "+directoryVariable+" in the environment.")
	}
	resp.ResourceData, resp.ListResourceData, resp.DataSourceData = c, c, c
}

func (p *shore) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, k := range kinds() {
		all = append(all, func() resource.Resource {
			if k.noImport {
				return &managed{kind: k}
			}
			return &importable{managed{kind: k}}
		})
	}
	return all
}

func (p *shore) ListResources(context.Context) []func() list.ListResource {
	var all []func() list.ListResource
	for _, k := range kinds() {
		if !k.noList {
			all = append(all, func() list.ListResource { return &lister{managed{kind: k}} })
		}
	}
	return all
}

func (p *shore) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &networkByName{} }}
}
