package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// lister makes a kind a list resource, for terraform query.
type lister struct{ managed }

var _ list.ListResourceWithConfigure = (*lister)(nil)

func (l *lister) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id_prefix": schema.StringAttribute{Optional: true, Description: "Only objects whose id begins so."},
	}}
}

func (l *lister) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var prefix types.String
	if diags := req.Config.GetAttribute(ctx, path.Root("id_prefix"), &prefix); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ids, err := l.cloud.store.ids(l.kind)
		if err != nil {
			result := list.ListResult{}
			l.check(err, "list", &result.Diagnostics)
			push(result)
			return
		}
		found := int64(0)
		for _, id := range ids {
			if !strings.HasPrefix(id, prefix.ValueString()) {
				continue
			}
			if found == req.Limit || !push(l.result(ctx, req, id)) {
				return
			}
			found++
		}
	}
}

// result reads one object. Sensitive attributes are in clear, as with any provider.
func (l *lister) result(ctx context.Context, req list.ListRequest, id string) list.ListResult {
	result := req.NewListResult(ctx)
	o, err := l.cloud.get(l.kind, id)
	if err == nil {
		result.DisplayName = id
		if name := o["name"]; name != nil {
			result.DisplayName = fmt.Sprint(name)
		}
		result.Identity.Raw, err = l.kind.identityOf(ctx, o)
	}
	if err == nil && req.IncludeResource {
		result.Resource.Raw, err = l.kind.stateOf(ctx, o)
	}
	l.check(err, "list", &result.Diagnostics)
	return result
}
