package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/prove"
	"github.com/strandline-tf/strandline/internal/secret"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
	"github.com/strandline-tf/strandline/internal/wire"
)

// provable is a repository with a workspace in stacks/core, one bucket of
// which is managed, in a cloud that has more.
type provable struct {
	shore *realtf.Shore
	root  string
	state []byte
	tf    *propose.Target
}

const provableConfig = `
variable "team" { type = string }

resource "shore_bucket" "managed" {
  name = "managed"
  tags = { Team = var.team }
}
`

func newProvable(t *testing.T) *provable {
	t.Helper()
	w := &provable{shore: realtf.NewShore(t), root: t.TempDir()}
	dir := w.shore.Dir()
	dir.Write(provableConfig)
	dir.Apply("-var=team=sre")
	w.state = dir.State()
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal(dir.Schemas(), &schemas); err != nil {
		t.Fatal(err)
	}
	w.tf = &propose.Target{Name: "core", Terraform: "1.11.4", Schemas: &schemas,
		Files: map[string][]byte{"providers.tf": []byte(realtf.Providers), "main.tf": []byte(provableConfig)}}
	w.write(t, "shared/providers.tf", realtf.Providers)
	w.write(t, "stacks/core/main.tf", provableConfig)
	w.write(t, "stacks/core/.terraform/environment", "default")
	w.write(t, ".git/HEAD", "ref: refs/heads/main\n")
	if err := os.Symlink("../../shared/providers.tf", filepath.Join(w.root, "stacks/core/providers.tf")); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *provable) write(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(w.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sixty makes 60 objects of 6 types and proposes them: half of the buckets
// with nothing known of them, a tenth of the networks told wrongly.
func (w *provable) sixty(t *testing.T) ([]model.Unmanaged, *propose.Batch) {
	t.Helper()
	var objects []model.Unmanaged
	put := func(typ, id string, o realtf.Object, told realtf.Object, secrets ...string) {
		w.shore.Put(typ, id, o)
		object := &model.Object{Provider: "strandline/shore", Type: typ, ID: id, Region: "north-1", Source: "file", Sensitive: secrets}
		if told != nil {
			object.Attributes, _ = json.Marshal(told)
		}
		objects = append(objects, model.Unmanaged{Type: typ, ID: id, Region: "north-1", Object: object})
	}
	for i := range 10 {
		network, subnet, bucket, key := fmt.Sprintf("net-%04d", i+1), fmt.Sprintf("subnet-%04d", i+1), fmt.Sprintf("logs-%d", i), fmt.Sprintf("key-%d", i)
		role := realtf.Object{"policy": `{"allow":["read"]}`}
		cidr := fmt.Sprintf("10.%d.0.0/16", i)
		told := cidr
		if i == 0 {
			told = "192.168.0.0/16"
		}
		put("shore_network", network, realtf.Object{"name": network, "cidr": cidr}, realtf.Object{"id": network, "name": network, "cidr": told})
		put("shore_subnet", subnet, realtf.Object{"network_id": network, "cidr": cidr}, realtf.Object{"id": subnet, "network_id": network, "cidr": cidr})
		var known realtf.Object
		if i%2 == 0 {
			known = realtf.Object{"name": bucket, "url": "https://" + bucket}
		}
		put("shore_bucket", bucket, realtf.Object{"versioning": true}, known)
		put("shore_secret", key, realtf.Object{"value": "very secret value"}, realtf.Object{"name": key}, "value")
		put("shore_role", key, role, realtf.Object{"name": key, "policy": role["policy"]})
		put("shore_rule", fmt.Sprintf("web/in/%d", i), realtf.Object{"sources": []any{realtf.Object{"cidr": cidr}}},
			realtf.Object{"group": "web", "direction": "in", "port": i, "sources": []any{realtf.Object{"cidr": cidr}}})
	}
	a := propose.Imports(objects, propose.ImportOptions{Workspaces: []propose.Target{*w.tf}, Into: "core"})
	if len(a.Left) > 0 {
		t.Fatalf("%+v", a.Left)
	}
	return objects, a.Batch("core")
}

func (w *provable) prove(t *testing.T, planner prove.Planner) {
	t.Helper()
	objects, b := w.sixty(t)
	r := prove.Verify(t.Context(), b, planner, prove.Options{Objects: objects})
	if r.Status != prove.NoChanges || r.Why != "60 to import, 0 to add, 0 to change, 0 to destroy" || len(r.Left) > 0 {
		t.Fatalf("%s: %s after %d plans, left out: %v\n%s", r.Status, r.Why, r.Plans, r.Left, strings.Join(r.Repairs, "\n"))
	}
}

func (w *provable) program(env ...string) *program {
	environ := append(w.shore.Env(), "PATH="+os.Getenv("PATH"), "HOME="+os.Getenv("HOME"))
	return &program{environ: append(environ, env...), secrets: &secret.Set{}, log: slog.New(slog.DiscardHandler), clock: Clock{time.Now, wire.Sleep}}
}

// tree lists a repository's files with their contents.
func tree(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := os.ReadFile(path)
			fmt.Fprintf(&all, "%s: %s\n", path, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestLocalPlanner(t *testing.T) {
	for name, backend := range map[string]string{
		"a state file instead of the backend": "terraform {\n  backend \"s3\" {}\n}\n",
		"a state file instead of the cloud":   "terraform {\n  cloud {\n    organization = \"acme\"\n  }\n}\n",
		"the backend's own state":             "",
	} {
		t.Run(name, func(t *testing.T) {
			w := newProvable(t)
			at := localWorkspace{Root: w.root, Folder: "stacks/core", Limit: time.Minute}
			if backend != "" {
				w.write(t, "stacks/core/backend.tf", backend)
				at.State = filepath.Join(t.TempDir(), "some.tfstate")
				if err := os.WriteFile(at.State, w.state, 0o600); err != nil {
					t.Fatal(err)
				}
			} else {
				w.write(t, "stacks/core/terraform.tfstate", string(w.state))
			}
			before := tree(t, w.root)
			l, err := w.program("TF_VAR_team=sre").localPlanner(at)
			if err != nil {
				t.Fatal(err)
			}
			w.prove(t, l)
			l.Close()
			if _, err := os.Stat(l.scratch); !os.IsNotExist(err) {
				t.Errorf("the copy is left: %v", err)
			}
			if after := tree(t, w.root); after != before {
				t.Errorf("the repository was changed:\n%s", after)
			}
		})
	}
}

// TestLocalPlannerFails has terraform come to no plan.
func TestLocalPlannerFails(t *testing.T) {
	for name, tc := range map[string]struct {
		file, content, want string // the error, or the diagnostic
		limit               time.Duration
	}{
		"a variable without a value": {want: "No value for required variable"},
		"broken configuration":       {file: "stacks/core/broken.tf", content: "resource {", want: "resource"},
		"a provider there isn't":     {file: "stacks/core/more.tf", content: "provider \"none\" {}\n", want: "init failed"},
		"time":                       {limit: time.Millisecond, want: "after 1ms"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newProvable(t)
			if tc.file != "" {
				w.write(t, tc.file, tc.content)
			}
			l, err := w.program().localPlanner(localWorkspace{Root: w.root, Folder: "stacks/core", Limit: tc.limit})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			out, err := l.Plan(t.Context(), nil, false)
			got := fmt.Sprint(err, out.Diagnostics)
			if !strings.Contains(got, tc.want) || strings.Contains(got, "╷") {
				t.Errorf("%q, not %q", got, tc.want)
			}
		})
	}
}

// TestLocalPlannerForgets sees that a plan has nothing of the one before it.
func TestLocalPlannerForgets(t *testing.T) {
	w := newProvable(t)
	w.shore.Put("shore_bucket", "a", realtf.Object{})
	w.shore.Put("shore_bucket", "b", realtf.Object{})
	w.write(t, "stacks/core/terraform.tfstate", string(w.state))
	w.write(t, "stacks/core/imports.tf", "import {\n  to = shore_bucket.a\n  id = \"a\"\n}\nresource \"shore_bucket\" \"a\" {\n  name = \"a\"\n}\n")
	l, err := w.program("TF_VAR_team=sre").localPlanner(localWorkspace{Root: w.root, Folder: "stacks/core"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other := map[string][]byte{"imports.tf": []byte("import {\n  to = shore_bucket.b\n  id = \"b\"\n}\n"), "more.tf": []byte("# nothing\n")}
	for n, tc := range []struct {
		files    map[string][]byte
		generate bool
		want     string
	}{{nil, false, "shore_bucket.a"}, {other, true, "shore_bucket.b"}, {other, true, "shore_bucket.b"}, {nil, false, "shore_bucket.a"}} {
		out, err := l.Plan(t.Context(), tc.files, tc.generate)
		if err != nil || out.Plan == nil || len(out.Plan.Changes) != 1 || out.Plan.Changes[0].Address != tc.want || tc.generate != (len(out.Generated) > 0) {
			t.Fatalf("plan %d: %v %+v", n, err, out)
		}
	}
}

func TestCloudPlanner(t *testing.T) {
	w := newProvable(t)
	web := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(web.Listener.Addr().String(), ":")
	server := standin.New(standin.Options{Terraform: realtf.Terraform(t), ArchiveURL: "http://localhost:" + port,
		Env: append(w.shore.Env(), "PATH="+os.Getenv("PATH"), "TF_VAR_team=sre")})
	web.Config.Handler = server
	web.Start()
	defer web.Close()
	ws := server.Org("acme").Workspace("core", standin.WorkingDirectory("stacks/core"))
	if _, err := ws.SetState(w.state); err != nil {
		t.Fatal(err)
	}
	p := w.program()
	client, err := tfc.New(tfc.Host{Address: web.URL, Token: "token-of-the-test"}, wire.Options{Now: time.Now, Secrets: p.secrets,
		Sleep: func(ctx context.Context, d time.Duration) error { return wire.Sleep(ctx, min(d, 20*time.Millisecond)) }})
	if err != nil {
		t.Fatal(err)
	}
	found, err := client.WorkspaceNamed(t.Context(), "acme", "core")
	if err != nil {
		t.Fatal(err)
	}
	w.prove(t, p.cloudPlanner(client, found, w.root, "stacks/core", time.Minute))
}

// planned is a planner that says what it is told to.
type planned func(files map[string][]byte) (prove.Outcome, error)

func (f planned) Plan(_ context.Context, files map[string][]byte, _ bool) (prove.Outcome, error) {
	return f(files)
}

// What only a plan tells to be secret is gone before anything counts as proven,
// and what is left out says the right reason.
func TestVerifySecretsOfThePlan(t *testing.T) {
	adopt := func(objects []model.Unmanaged) *propose.Batch {
		return propose.Imports(objects, propose.ImportOptions{Into: "core", Workspaces: []propose.Target{{Name: "core"}}}).Batch("core")
	}
	object := func(id, attributes string) model.Unmanaged {
		return model.Unmanaged{Type: "aws_x", ID: id, Object: &model.Object{Type: "aws_x", ID: id, Attributes: model.Value(attributes)}}
	}
	importing := func(files map[string][]byte, ids ...string) prove.Outcome {
		w := model.NewWorkspace("core")
		for _, id := range ids {
			if strings.Contains(string(files["imports.tf"]), "to = aws_x."+id+"\n") {
				w.Changes = append(w.Changes, model.Change{Address: "aws_x." + id, Action: model.ActionNoOp, Import: &model.Import{ID: id}})
			}
		}
		return prove.Outcome{Plan: w}
	}
	t.Run("in a value", func(t *testing.T) {
		p := &program{secrets: &secret.Set{}, log: slog.New(slog.DiscardHandler)}
		objects := []model.Unmanaged{object("one", `{"title":"short1","size":1}`)}
		b := adopt(objects)
		plans := 0
		r := p.verify(t.Context(), b, planned(func(files map[string][]byte) (prove.Outcome, error) {
			plans++
			p.secrets.Add("short1") // too short to be found within a text
			return importing(files, "one"), nil
		}), objects)
		if text := b.Blocks("aws_x.one"); r.Status != prove.NoChanges || r.Import != 1 || plans != 2 || strings.Contains(text, "short1") || !strings.Contains(text, "# title is secret") {
			t.Errorf("%+v after %d plans\n%s", r, plans, text)
		}
	})
	t.Run("in an id", func(t *testing.T) {
		p := &program{secrets: &secret.Set{}, log: slog.New(slog.DiscardHandler)}
		objects := []model.Unmanaged{object("one", `{"size":1}`), object("hunter22", `{"size":1}`)}
		b := adopt(objects)
		r := p.verify(t.Context(), b, planned(func(files map[string][]byte) (prove.Outcome, error) {
			p.secrets.Add("hunter22")
			return importing(files, "one", "hunter22"), nil
		}), objects)
		if r.Status != prove.NoChanges || r.Import != 1 || len(b.Resources()) != 1 || !strings.Contains(objects[1].Suggestion.Why, "name or id") {
			t.Errorf("%+v; %+v", r, objects[1].Suggestion)
		}
	})
	t.Run("too late", func(t *testing.T) {
		p := &program{secrets: &secret.Set{}, log: slog.New(slog.DiscardHandler)}
		objects := []model.Unmanaged{object("one", `{"size":1}`), object("two", `{"size":1,"title":"x"}`)}
		b := adopt(objects)
		r := p.verify(t.Context(), b, planned(func(files map[string][]byte) (prove.Outcome, error) {
			p.secrets.AddToken("size  = 1\n  title") // only the text as a whole tells
			return importing(files, "one", "two"), nil
		}), objects)
		if r.Status != prove.Unverified || !strings.Contains(r.Why, "its configuration holds a value") || objects[0].Suggestion.Verified != prove.Unverified || len(b.Resources()) != 1 {
			t.Errorf("%+v; %+v", r, objects[0].Suggestion)
		}
	})
}
