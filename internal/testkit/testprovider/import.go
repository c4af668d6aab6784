package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// importable is a resource that can be imported, by its id or its identity.
type importable struct{ managed }

var (
	_ resource.ResourceWithImportState = (*importable)(nil)
	_ resource.ResourceWithIdentity    = (*importable)(nil)
)

func (m *importable) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = m.kind.identity()
}

// ImportState only notes the id; Terraform reads the rest next.
func (m *importable) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" {
		identity, err := objectOf(req.Identity.Raw)
		if err != nil {
			m.check(err, "import", &resp.Diagnostics)
			return
		}
		id, _ = identity["id"].(string)
		if m.kind.prefix == "" {
			id = m.kind.id(identity, 0)
		}
	}
	if n := len(m.kind.key); strings.Count(id, "/")+1 < n {
		m.check(fmt.Errorf("the id %q should be %s", id, strings.Join(m.kind.key, "/")), "import", &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
}
