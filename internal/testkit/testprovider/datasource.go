package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// networkByName is the data source shore_network.
type networkByName struct{ cloud *cloud }

var _ datasource.DataSourceWithConfigure = (*networkByName)(nil)

func (d *networkByName) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = network().typeName()
}

func (d *networkByName) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := schema.StringAttribute{Computed: true}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
		"id":   computed, "arn": computed, "region": computed, "cidr": computed,
		"tags": schema.MapAttribute{Computed: true, ElementType: types.StringType},
	}}
}

func (d *networkByName) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.cloud = configure(req.ProviderData, &resp.Diagnostics)
}

// Read takes the first network of the name.
func (d *networkByName) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := d.find(ctx, name.ValueString(), resp); err != nil {
		resp.Diagnostics.AddError("can't find the network", err.Error())
	}
}

func (d *networkByName) find(ctx context.Context, name string, resp *datasource.ReadResponse) error {
	k := network()
	ids, err := d.cloud.store.ids(k)
	if err != nil {
		return err
	}
	for _, id := range ids {
		o, err := d.cloud.get(k, id)
		if err != nil {
			return err
		}
		if o["name"] == name {
			resp.State.Raw, err = toValue(o, resp.State.Schema.Type().TerraformType(ctx))
			return err
		}
	}
	return fmt.Errorf("there is none with the name %q", name)
}
