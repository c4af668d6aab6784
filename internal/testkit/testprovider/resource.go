package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// managed makes a kind a resource that can't be imported.
type managed struct {
	kind  *kind
	cloud *cloud
}

var _ resource.ResourceWithConfigure = (*managed)(nil)

func (m *managed) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = m.kind.typeName()
}

func (m *managed) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = m.kind.schema
}

func (m *managed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	m.cloud = configure(req.ProviderData, &resp.Diagnostics)
}

func (m *managed) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	o, err := objectOf(req.Plan.Raw)
	if err == nil {
		err = m.cloud.store.add(m.kind, o, func(o object) { m.cloud.complete(m.kind, o) })
	}
	if err == nil {
		err = m.tell(ctx, o, &resp.State, resp.Identity)
	}
	m.check(err, "create", &resp.Diagnostics)
}

func (m *managed) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	known, err := objectOf(req.State.Raw)
	if err != nil {
		m.check(err, "read", &resp.Diagnostics)
		return
	}
	o, err := m.cloud.get(m.kind, known["id"].(string))
	if errors.Is(err, fs.ErrNotExist) {
		// The framework wants an identity of what is gone, too.
		m.kind.complete(m.cloud.world, known)
		err = m.tell(ctx, known, &resp.State, resp.Identity)
		resp.State.RemoveResource(ctx)
	} else if err == nil {
		err = m.tell(ctx, o, &resp.State, resp.Identity)
	}
	m.check(err, "read", &resp.Diagnostics)
}

// Update leaves what is not known yet to the cloud, as it stands in the file.
func (m *managed) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	o, err := m.update(req.Plan.Raw)
	if err == nil {
		err = m.tell(ctx, o, &resp.State, resp.Identity)
	}
	m.check(err, "update", &resp.Diagnostics)
}

func (m *managed) update(plan tftypes.Value) (object, error) {
	wanted, err := objectOf(plan)
	if err != nil {
		return nil, err
	}
	o, err := m.cloud.get(m.kind, wanted["id"].(string))
	if err != nil {
		return nil, err
	}
	var planned map[string]tftypes.Value
	if err := plan.As(&planned); err != nil {
		return nil, err
	}
	for name, v := range planned {
		if v.IsKnown() {
			delete(o, name)
		}
	}
	maps.Copy(o, wanted)
	m.cloud.complete(m.kind, o)
	return o, m.cloud.store.put(m.kind, o)
}

func (m *managed) Delete(_ context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	o, err := objectOf(req.State.Raw)
	if err == nil {
		err = m.cloud.store.remove(m.kind, o["id"].(string))
	}
	m.check(err, "delete", &resp.Diagnostics)
}

// tell sets state and, where Terraform has asked for one, identity.
func (m *managed) tell(ctx context.Context, o object, state *tfsdk.State, identity *tfsdk.ResourceIdentity) error {
	var err error
	if state.Raw, err = m.kind.stateOf(ctx, o); err != nil || identity == nil {
		return err
	}
	identity.Raw, err = m.kind.identityOf(ctx, o)
	return err
}

func (m *managed) check(err error, doing string, diags *diag.Diagnostics) {
	if err != nil {
		diags.AddError(fmt.Sprintf("can't %s the %s", doing, m.kind.name), err.Error())
	}
}
