package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// cloud is the store with what makes objects whole.
type cloud struct {
	store store
	world world
	now   func() time.Time
}

// complete adds to an object what its file leaves out, as of now.
func (c *cloud) complete(k *kind, o object) {
	w := c.world
	w.now = c.now()
	k.complete(w, o)
}

// get returns an object, whole; fs.ErrNotExist where there is none.
func (c *cloud) get(k *kind, id string) (object, error) {
	o, err := c.store.get(k, id)
	if err == nil {
		c.complete(k, o)
	}
	return o, err
}

// configure takes the cloud over from the provider, which has none to give
// while Terraform only validates.
func configure(data any, diags *diag.Diagnostics) *cloud {
	c, ok := data.(*cloud)
	if data != nil && !ok {
		diags.AddError("wrong provider data", fmt.Sprintf("a %T", data))
	}
	return c
}

// stateOf is an object as Terraform's state has it.
func (k *kind) stateOf(ctx context.Context, o object) (tftypes.Value, error) {
	return toValue(o, k.schema.Type().TerraformType(ctx))
}

// identityOf picks the identity from an object.
func (k *kind) identityOf(ctx context.Context, o object) (tftypes.Value, error) {
	schema := k.identity()
	picked := object{}
	for name := range schema.Attributes {
		picked[name] = o[name]
	}
	return toValue(picked, schema.Type().TerraformType(ctx))
}

// objectOf reads a plan, state or identity.
func objectOf(v tftypes.Value) (object, error) {
	made, err := fromValue(v)
	if err != nil {
		return nil, err
	}
	m, _ := made.(map[string]any)
	return m, nil
}
