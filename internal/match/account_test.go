package match_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/fetch/statefile"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// labelled is an object with what it is and why.
type labelled struct {
	Want string `json:"want"` // managed | unmanaged | default | owned
	Why  string `json:"why"`
	model.Object
}

func account(t *testing.T) (*match.Index, []labelled) {
	t.Helper()
	x := match.NewIndex()
	states, err := filepath.Glob("testdata/account/*.tfstate")
	if err != nil || len(states) == 0 {
		t.Fatal("no states", err)
	}
	for _, path := range states {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = statefile.Decode(f, &secret.Set{}, func(m model.Managed) error {
			m.Workspace = strings.TrimSuffix(filepath.Base(path), ".tfstate")
			x.Add(m)
			return nil
		})
		if f.Close(); err != nil {
			t.Fatal(path, err)
		}
	}
	data, err := os.ReadFile("testdata/account/inventory.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var objects []labelled
	for line := range strings.Lines(string(data)) {
		var o labelled
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		objects = append(objects, o)
	}
	return x, objects
}

// verdictOf finds an object in a result.
func verdictOf(r match.Result, o model.Object) string {
	for _, u := range r.Unmanaged {
		if u.Type == o.Type && u.ID == o.ID && string(u.Identity) == string(o.Identity) && (u.Account == o.Account) && (o.Region == "" || u.Region == "" || u.Region == o.Region) {
			return "unmanaged"
		}
	}
	for _, i := range r.Ignored {
		if i.Type == o.Type && i.ID == o.ID {
			return i.Rule
		}
	}
	return "managed"
}

// Each object of the account is judged as its label says, all at once, as
// rules that look at others want it.
func TestAccount(t *testing.T) {
	x, objects := account(t)
	if len(objects) < 150 {
		t.Errorf("only %d objects", len(objects))
	}
	j := x.NewJudge(match.Options{})
	for _, o := range objects {
		j.Add(o.Object)
	}
	r := j.Result()
	want := map[string]int{}
	for _, o := range objects {
		want[o.Want]++
		if got := verdictOf(r, o.Object); got != o.Want {
			t.Errorf("%s %s%s in %s %s: %s, want %s: %s", o.Type, o.ID, o.Identity, o.Account, o.Region, got, o.Want, o.Why)
		}
	}
	if len(r.Unmanaged) != want["unmanaged"] || len(r.Ignored) != want["default"]+want["owned"] {
		t.Errorf("%d unmanaged, %d ignored, want %v", len(r.Unmanaged), len(r.Ignored), want)
	}
	for _, i := range r.Ignored {
		if i.Reason == "" || strings.ContainsAny(i.Reason, "{}") {
			t.Errorf("%s %s: reason %q", i.Type, i.ID, i.Reason)
		}
	}
}
