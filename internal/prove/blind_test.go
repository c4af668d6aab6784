package prove

import (
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// hiddenValues are what the test's clouds keep, and no file may say.
var hiddenValues = []string{"correct horse battery", "staple staple", "very secret value"}

// TestVerifyBlind proves, without schemas, what can be imported: nothing of it
// may be left out for what the proof itself has written.
func TestVerifyBlind(t *testing.T) {
	type wanted struct {
		imports int
		plans   int      // at most
		left    int      // how many can't be imported
		has     []string // what the files say
		hasNot  []string
	}
	for name, tc := range map[string]struct {
		put       func(*world)
		cloud     bool
		variables bool
		terraform string
		want      wanted
	}{
		"blocks that aren't told": {put: func(w *world) {
			w.shore.Put("shore_bucket", "b", realtf.Object{"lifecycle_rule": []any{realtf.Object{"prefix": "x", "transition": []any{realtf.Object{"days": 30, "class": "cold"}}}}})
			w.shore.Put("shore_instance", "i-1", realtf.Object{"name": "a", "image": "i", "subnet_id": "s", "disk": []any{realtf.Object{"size": 1}}, "placement": realtf.Object{"zone": "z"}})
			w.tell("shore_bucket", "b", realtf.Object{"name": "b"})
			w.tell("shore_instance", "i-1", realtf.Object{"name": "a", "image": "i", "subnet_id": "s"})
		}, want: wanted{imports: 2, plans: 4, has: []string{"transition {", "disk {", "placement {"}, hasNot: []string{"ignore_changes", "device"}}},
		"wrong values": {put: func(w *world) {
			w.shore.Put("shore_network", "net-1", realtf.Object{"name": "n", "cidr": "10.0.0.0/8"})
			w.shore.Put("shore_instance", "i-1", realtf.Object{"name": "a", "image": "i", "subnet_id": "s", "disk": []any{realtf.Object{"size": 1}, realtf.Object{"size": 2}}})
			w.shore.Put("shore_rule", "g/in/1", realtf.Object{"sources": []any{realtf.Object{"cidr": "1.0.0.0/8"}}})
			w.tell("shore_network", "net-1", realtf.Object{"name": "WRONG", "cidr": "11.0.0.0/8"})
			w.tell("shore_instance", "i-1", realtf.Object{"name": "a", "image": "OTHER", "subnet_id": "s", "disk": []any{realtf.Object{"size": 5}}, "nonsense": 1, "deep": realtf.Object{"x": []int{1, 2}}})
			w.tell("shore_rule", "g/in/1", realtf.Object{"group": "g", "direction": "in", "port": "1", "sources": []any{}})
		}, want: wanted{imports: 3, plans: 3, has: []string{"1.0.0.0/8", "size = 2"}, hasNot: []string{"ignore_changes", "device", "WRONG", "OTHER"}}},
		"much at once, and secrets that only a plan tells": {put: func(w *world) {
			w.shore.Put("shore_network", "net-0007", realtf.Object{"name": "main", "cidr": "10.0.0.0/16", "tags": realtf.Object{"Env": "prod"}})
			w.shore.Put("shore_database", "main", realtf.Object{"engine": "postgres", "password": "correct horse battery", "replicas": []any{realtf.Object{"region": "south-1", "token": "staple staple"}}})
			w.shore.Put("shore_secret", "key", realtf.Object{"value": "very secret value"})
			w.shore.Put("shore_bucket", "logs", realtf.Object{"tags": realtf.Object{"Env": "prod"}, "lifecycle_rule": []any{realtf.Object{"prefix": "old/", "transition": []any{realtf.Object{"days": 30, "class": "cold"}}}}})
			w.shore.Put("shore_grant", "r/b", realtf.Object{"role": "r", "bucket": "logs", "access": "read"})
			w.tell("shore_network", "net-0007", realtf.Object{"name": "main", "cidr": "10.0.0.0/16"})
			w.tell("shore_database", "main", realtf.Object{"name": "main", "engine": "postgres", "password": "correct horse battery", "replicas": []any{realtf.Object{"region": "south-1", "token": "staple staple"}}})
			w.tell("shore_secret", "key", realtf.Object{"name": "key", "value": "very secret value"})
			w.tell("shore_bucket", "logs", realtf.Object{"name": "logs"})
			w.tell("shore_bucket", "gone", realtf.Object{"name": "gone"})
			w.tell("shore_grant", "r/b", realtf.Object{"role": "r", "bucket": "logs", "access": "read"})
		}, want: wanted{imports: 4, plans: 5, left: 2, has: []string{"ignore_changes = [password, replicas]", `"set-outside-terraform"`}}},
		"a secret told plainly": {put: func(w *world) {
			w.shore.Put("shore_secret", "key", realtf.Object{"value": "very secret value"})
			w.shore.Put("shore_network", "net-1", realtf.Object{"name": "n", "cidr": "10.0.0.0/8", "tags": realtf.Object{"Also": "very secret value"}})
			w.tell("shore_secret", "key", realtf.Object{"name": "key", "value": "very secret value"})
			w.tell("shore_network", "net-1", realtf.Object{"name": "n", "cidr": "10.0.0.0/8", "tags": realtf.Object{"Also": "very secret value"}})
		}, want: wanted{imports: 2, plans: 3, has: []string{"ignore_changes = [value]", "ignore_changes = [tags]"}}},
		"a secret told plainly, as a variable": {put: func(w *world) {
			w.shore.Put("shore_secret", "key", realtf.Object{"value": "very secret value"})
			w.tell("shore_secret", "key", realtf.Object{"name": "key", "value": "very secret value"})
		}, variables: true, want: wanted{imports: 1, plans: 4, has: []string{"var.key_value"}}},
		"an id that is secret elsewhere": {put: func(w *world) {
			w.shore.Put("shore_secret", "key", realtf.Object{"value": "net-secret-too"})
			w.shore.Put("shore_network", "net-secret-too", realtf.Object{"name": "n", "cidr": "10.0.0.0/8"})
			w.tell("shore_secret", "key", realtf.Object{"name": "key"}, "value")
			w.tell("shore_network", "net-secret-too", realtf.Object{"name": "n", "cidr": "10.0.0.0/8"})
		}, want: wanted{imports: 1, plans: 4, left: 1, hasNot: []string{"net-secret-too"}}},
		"a secret in Terraform Cloud": {put: func(w *world) {
			w.shore.Put("shore_secret", "k", realtf.Object{"value": "very secret value"})
			w.shore.Put("shore_network", "net-1", realtf.Object{"name": "core", "cidr": "10.0.0.0/8"})
			w.tell("shore_secret", "k", nil)
			w.tell("shore_network", "net-1", nil)
		}, cloud: true, want: wanted{imports: 2, plans: 3, has: []string{`name  = "k"`, "10.0.0.0/8", "ignore_changes = [value]"}}},
		"a secret in Terraform Cloud, as a variable": {put: func(w *world) {
			w.shore.Put("shore_secret", "k", realtf.Object{"value": "very secret value"})
			w.tell("shore_secret", "k", nil)
		}, cloud: true, variables: true, want: wanted{imports: 1, plans: 3, has: []string{"var.k_value"}, hasNot: []string{"set-outside"}}},
		"identity with an older Terraform": {put: func(w *world) {
			w.shore.Put("shore_network", "net-1", realtf.Object{"name": "n", "cidr": "10.0.0.0/8"})
			w.shore.Put("shore_network", "net-2", realtf.Object{"name": "m", "cidr": "10.0.0.0/8"})
			w.tell("shore_network", "net-1", realtf.Object{"name": "n", "cidr": "10.0.0.0/8"})
			w.tell("shore_network", "net-2", realtf.Object{"name": "m", "cidr": "10.0.0.0/8"})
			w.tell("shore_network", "", realtf.Object{"name": "o", "cidr": "10.0.0.0/8"})
			for _, u := range w.objects {
				u.Object.Identity = model.Value(`{"id":"` + u.ID + `x"}`)
			}
		}, terraform: "1.12.1", want: wanted{imports: 2, plans: 2, left: 1, has: []string{`id = "net-1"`, `id = "net-2"`}, hasNot: []string{"identity"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.blind, w.terraform, w.cloud = true, tc.terraform, tc.cloud
			tc.put(w)
			r, p, a, b := w.verify(tc.variables)
			text := ""
			for _, f := range b.Files() {
				text += f.Content
			}
			if r.Status != NoChanges || r.Import != tc.want.imports || len(b.Resources()) != tc.want.imports || r.Plans > tc.want.plans || len(a.Left) != tc.want.left {
				t.Errorf("%s (%s), %d imported, after %d plans %q; left out: %+v", r.Status, r.Why, r.Import, r.Plans, p.said, a.Left)
			}
			for _, has := range tc.want.has {
				if !strings.Contains(text, has) {
					t.Errorf("nothing says %q", has)
				}
			}
			for _, hasNot := range append(tc.want.hasNot, hiddenValues...) {
				if strings.Contains(text, hasNot) {
					t.Errorf("it says %q", hasNot)
				}
			}
			if given := strings.Contains(r.Why, "; given a value for the variable `"); given != tc.variables {
				t.Errorf("of the values given: %q", r.Why)
			}
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}
