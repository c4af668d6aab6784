package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// These tests speak the protocol as a Terraform newer than the one that tests
// run with would: it knows identities (1.12) and lists (1.14). What every
// Terraform does is tested with the real one, in package realtf.

// client is that Terraform.
type client struct {
	t      *testing.T
	server server
	schema *tfprotov6.GetProviderSchemaResponse
	dir    string
}

type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

func connect(t *testing.T) *client {
	t.Helper()
	c := &client{t: t, dir: t.TempDir()}
	env := func(name string) string { return map[string]string{directoryVariable: c.dir}[name] }
	c.server = providerserver.NewProtocol6(newProvider(env, time.Now)())().(server)
	var err error
	if c.schema, err = c.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	c.sound(c.schema.Diagnostics)
	conf, err := c.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: c.dynamic(c.schema.Provider.ValueType(), object{})})
	if err != nil {
		t.Fatal(err)
	}
	c.sound(conf.Diagnostics)
	return c
}

func (c *client) sound(diags []*tfprotov6.Diagnostic) {
	c.t.Helper()
	for _, d := range diags {
		c.t.Fatalf("%s: %s (%s)", d.Summary, d.Detail, d.Attribute)
	}
}

func (c *client) dynamic(typ tftypes.Type, o object) *tfprotov6.DynamicValue {
	c.t.Helper()
	v, err := toValue(o, typ)
	if err != nil {
		c.t.Fatal(err)
	}
	d, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		c.t.Fatal(err)
	}
	return &d
}

func (c *client) object(d *tfprotov6.DynamicValue, typ tftypes.Type) object {
	c.t.Helper()
	v, err := d.Unmarshal(typ)
	if err != nil {
		c.t.Fatal(err)
	}
	o, err := objectOf(v)
	if err != nil {
		c.t.Fatal(err)
	}
	return o
}

func (c *client) identityType(name string) tftypes.Type {
	c.t.Helper()
	all, err := c.server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		c.t.Fatal(err)
	}
	return all.IdentitySchemas[name].ValueType()
}

// file makes an object behind the provider's back.
func (c *client) file(path, text string) {
	c.t.Helper()
	path = filepath.Join(c.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// list returns what a list block finds.
func (c *client) list(typ string, limit int64, config object) []tfprotov6.ListResourceResult {
	c.t.Helper()
	stream, err := c.server.ListResource(c.t.Context(), &tfprotov6.ListResourceRequest{TypeName: typ, Limit: limit, IncludeResource: true,
		Config: c.dynamic(c.schema.ListResourceSchemas[typ].ValueType(), config)})
	if err != nil {
		c.t.Fatal(err)
	}
	return slices.Collect(stream.Results)
}

func TestList(t *testing.T) {
	c := connect(t)
	if found := c.list("shore_database", 100, object{}); len(found) != 0 {
		t.Errorf("an empty cloud has %d databases", len(found))
	}
	c.file("shore_database/a.json", `{"engine": "postgres", "password": "correct horse"}`)
	c.file("shore_database/b%2Fc.json", `{"engine": "postgres", "port": 1}`)
	c.file("shore_database/b2.json", `{"engine": "postgres"}`)
	c.file("shore_database/notes.txt", `not an object`)

	for name, tc := range map[string]struct {
		limit  int64
		config object
		want   []string
	}{
		"all":    {100, object{}, []string{"a", "b/c", "b2"}},
		"some":   {100, object{"id_prefix": "b"}, []string{"b/c", "b2"}},
		"cut":    {1, object{"id_prefix": "b"}, []string{"b/c"}},
		"nobody": {100, object{"id_prefix": "z"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range c.list("shore_database", tc.limit, tc.config) {
				c.sound(r.Diagnostics)
				identity := c.object(r.Identity.IdentityData, c.identityType("shore_database"))
				if identity["name"] != r.DisplayName {
					t.Errorf("%q has the identity %v", r.DisplayName, identity)
				}
				got = append(got, r.DisplayName)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}

	whole := c.object(c.list("shore_database", 1, object{})[0].Resource, c.schema.ResourceSchemas["shore_database"].ValueType())
	if whole["password"] != "correct horse" || whole["endpoint"] != "a.db.shore.test" || whole["region"] != defaultRegion {
		t.Errorf("the resource is %v", whole)
	}
}

func TestListOfABrokenObject(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":         `{"cidr": `,
		"wrong type":      `{"cidr": 1}`,
		"wrong attribute": `{"cidr": "10.0.0.0/8", "cird": "x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t)
			c.file("shore_network/net-0001.json", text)
			found := c.list("shore_network", 100, object{})
			if len(found) != 1 || len(found[0].Diagnostics) != 1 || found[0].Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
				t.Errorf("%v", found)
			}
		})
	}
}

func TestListable(t *testing.T) {
	c := connect(t)
	got := slices.Sorted(maps.Keys(c.schema.ListResourceSchemas))
	want := []string{"shore_bucket", "shore_database", "shore_instance", "shore_network", "shore_role", "shore_rule", "shore_subnet"}
	if !slices.Equal(got, want) {
		t.Errorf("listable: %q", got)
	}
}

// Importing by identity, then the read that follows, tells the whole identity.
func TestImportByIdentity(t *testing.T) {
	for name, tc := range map[string]struct {
		typ, file, text string
		by, want        object
	}{
		"assigned": {"shore_network", "net-0007.json", `{"name": "main", "cidr": "10.0.0.0/8", "region": "south-1"}`,
			object{"id": "net-0007"}, object{"id": "net-0007", "region": "south-1"}},
		"named":    {"shore_role", "reader.json", `{"policy": "{}"}`, object{"name": "reader"}, object{"name": "reader"}},
		"compound": {"shore_rule", "web%2Fin%2F443.json", `{"sources": []}`, compound(), compound()},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t)
			c.file(filepath.Join(tc.typ, tc.file), tc.text)
			imported, err := c.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: tc.typ,
				Identity: &tfprotov6.ResourceIdentityData{IdentityData: c.dynamic(c.identityType(tc.typ), tc.by)}})
			if err != nil {
				t.Fatal(err)
			}
			c.sound(imported.Diagnostics)
			read := c.read(tc.typ, imported.ImportedResources[0])
			got := c.object(read.NewIdentity.IdentityData, c.identityType(tc.typ))
			if !maps.Equal(got, tc.want) {
				t.Errorf("the identity is %v, want %v", got, tc.want)
			}
		})
	}
}

func compound() object { return object{"group": "web", "direction": "in", "port": number(443)} }

func (c *client) read(typ string, imported *tfprotov6.ImportedResource) *tfprotov6.ReadResourceResponse {
	c.t.Helper()
	read, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typ,
		CurrentState: imported.State, CurrentIdentity: imported.Identity, Private: imported.Private})
	if err != nil {
		c.t.Fatal(err)
	}
	c.sound(read.Diagnostics)
	return read
}

// A Terraform that knows identities keeps them over the death of an object.
func TestReadOfWhatIsGone(t *testing.T) {
	c := connect(t)
	imported, err := c.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "shore_rule", ID: "web/in/443"})
	if err != nil {
		t.Fatal(err)
	}
	c.sound(imported.Diagnostics)
	read := c.read("shore_rule", imported.ImportedResources[0])
	if v, err := read.NewState.Unmarshal(c.schema.ResourceSchemas["shore_rule"].ValueType()); err != nil || !v.IsNull() {
		t.Errorf("%v, %v", v, err)
	}
}
