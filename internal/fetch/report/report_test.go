package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/report"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render/jsonout"
	"github.com/strandline-tf/strandline/internal/render/shard"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

type tester interface{ Fatal(...any) }

func write(t tester, path string, r *model.Report, p model.Part, secrets *secret.Set, tokens ...string) {
	var b bytes.Buffer
	if err := shard.Write(&b, r, p, secrets, tokens); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// part is a report of one workspace with drift from correct-horse, which is no
// secret here, and the password to the value next to it, which is.
func part(name string) (*model.Report, *secret.Set) {
	w := model.NewWorkspace(name)
	w.Drift = []model.Drift{{Change: model.Change{Address: "a.b", Attributes: []model.Attribute{
		{Path: "x", Before: model.Value(`"correct-horse"`)}, {Path: "y", Before: model.Value(`"password-of-` + name + `"`)}}}}}
	r := model.NewReport(model.KindDrift, "")
	r.Workspaces = append(r.Workspaces, *w)
	secrets := &secret.Set{}
	secrets.Add("password-of-" + name)
	return r, secrets
}

// matrix writes n parts, changed by change, and returns their paths.
func matrix(t *testing.T, n int, token string, change func(i int, r *model.Report, p *model.Part)) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i := 1; i <= n; i++ {
		r, secrets := part(fmt.Sprint("w", i))
		p := model.Part{Shard: i, Of: n, Show: model.ShowValues, Settings: map[string]string{"org": "acme"}}
		if change != nil {
			change(i, r, &p)
		}
		var tokens []string
		if token != "" {
			tokens = []string{token}
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprint(i)))
		write(t, paths[i-1], r, p, secrets, tokens...)
	}
	return paths
}

func read(paths []string, tokens ...string) (*report.Merged, *secret.Set, error) {
	secrets := &secret.Set{}
	m, err := report.Read(context.Background(), paths, tokens, secrets)
	return m, secrets, err
}

func names(r *model.Report) string {
	var out []string
	for _, w := range r.Workspaces {
		out = append(out, w.Name)
	}
	return strings.Join(out, " ")
}

// TestSecretsStay: sealed, no part shows anything; what is secret in one part
// is secret in the merged report.
func TestSecretsStay(t *testing.T) {
	paths := matrix(t, 2, "token", func(i int, r *model.Report, _ *model.Part) {
		r.Workspaces[0].Message = "password-of-w1" // in 2 too, where nothing marks it
	})
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, clear := range []string{"password", "correct", "workspace"} {
			if bytes.Contains(data, []byte(clear)) {
				t.Errorf("%q stands in the file", clear)
			}
		}
	}
	m, secrets, err := read(paths, "other", "token")
	if err != nil {
		t.Fatal(err)
	}
	m.Report.Withhold(secrets)
	for _, w := range m.Report.Workspaces {
		if w.Message != secret.Withheld || !w.Drift[0].Attributes[1].Sensitive || w.Drift[0].Attributes[0].Sensitive {
			t.Errorf("%+v", w)
		}
	}
	if len(m.Report.Notes) != 0 {
		t.Errorf("%q", m.Report.Notes)
	}
}

// TestWithoutToken: a part holds what may be seen, and the report says what
// that means.
func TestWithoutToken(t *testing.T) {
	for show, hidden := range map[model.Show][]string{
		model.ShowValues: {"password"},
		model.ShowNames:  {"password", "correct"},
		model.ShowCounts: {"password", "correct"},
	} {
		paths := matrix(t, 2, "", func(_ int, _ *model.Report, p *model.Part) { p.Show = show })
		m, secrets, err := read(paths)
		if err != nil {
			t.Fatal(err)
		}
		if !secrets.Empty() || len(m.Report.Notes) != 1 || names(m.Report) != "w1 w2" || m.Part.Sealed {
			t.Errorf("%s: %q %q", show, m.Report.Notes, names(m.Report))
		}
		m.Report.Finish()
		var b strings.Builder
		if err := jsonout.Write(&b, m.Report); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for _, h := range hidden {
			if strings.Contains(text, h) {
				t.Errorf("%s: %q stands in the file", show, h)
			}
		}
		if show == model.ShowValues && !strings.Contains(text, "correct-horse") {
			t.Error("values are gone")
		}
		if m.Report.Summary.Drift != 2 {
			t.Errorf("%s: %d counted", show, m.Report.Summary.Drift)
		}
		if m, _, err = read(paths[:1]); err != nil || len(m.Report.Notes) != 0 {
			t.Errorf("of one file: %v %q", err, m.Report.Notes)
		}
	}
}

func TestMissing(t *testing.T) {
	paths := matrix(t, 4, "token", nil)
	if err := os.WriteFile(paths[2], []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, _, err := read([]string{paths[3], paths[1], paths[2], paths[1]}, "token")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 3}, m.Missing); diff != "" || !m.Partial || names(m.Report) != "w2 w4" {
		t.Errorf("%s %+v", diff, m)
	}
	var told []string
	for _, p := range m.Report.Problems {
		told = append(told, p.Message)
		if p.Hint == "" {
			t.Errorf("no hint: %s", p.Message)
		}
	}
	want := []string{
		"the shard " + paths[2] + " can't be read: it is no file that --write shard=PATH made",
		"shard 1 of 4 is missing: its workspaces are not in this report",
		"shard 3 of 4 is missing: its workspaces are not in this report",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// TestDamage: what is wrong with one file leaves the others, and is said.
func TestDamage(t *testing.T) {
	for _, token := range []string{"token", ""} {
		paths := matrix(t, 2, token, nil)
		whole, err := os.ReadFile(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		head := bytes.IndexByte(whole, '\n') + 1
		changed := func(old, to string) []byte { return bytes.Replace(whole, []byte(old), []byte(to), 1) }
		flipped := bytes.Clone(whole)
		flipped[len(flipped)-30] ^= 1
		for name, tc := range map[string]struct {
			data []byte
			want string
		}{
			"empty":                 {nil, "it is empty"},
			"cut in the head":       {whole[:head-1], "it is cut short"},
			"cut in its first line": {whole[:10], "it is no file that"},
			"only the head":         {whole[:head], "cut short"},
			"cut":                   {whole[:head+(len(whole)-head)/2], "cut short"},
			"cut at the end":        {whole[:len(whole)-1], "cut short"},
			"a bit":                 {flipped, "it is damaged"},
			"a report":              {[]byte("{\n  \"version\": 1\n}\n"), "it is no file that"},
			"other JSON":            {[]byte("{}\n"), "it is no file that"},
			"longer":                {append(bytes.Clone(whole), "x"...), "damaged"},
			"settings changed":      {changed(`"acme"`, `"umbr"`), "its first line was changed"},
			"shard 0":               {changed(`"shard":1`, `"shard":0`), "it is no shard of any"},
			"shard 3 of 2":          {changed(`"shard":1`, `"shard":3`), "it is no shard of any"},
			"of very many":          {changed(`"of":2`, `"of":2000000000`), "it is no shard of any"},
		} {
			if err := os.WriteFile(paths[0], tc.data, 0o600); err != nil {
				t.Fatal(err)
			}
			set := paths
			if name == "settings changed" { // which of two is right can't be told
				set = paths[:1]
			}
			m, _, err := read(set, token)
			if len(set) == 1 {
				if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), paths[0]) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if !slices.Equal(m.Missing, []int{1}) || names(m.Report) != "w2" || len(m.Report.Problems) != 2 {
				t.Errorf("%s: %+v", name, m.Report.Problems)
				continue
			}
			if got := m.Report.Problems[0].Message; !strings.Contains(got, tc.want) || !strings.Contains(got, paths[0]) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	second := func(change func(p *model.Part)) func(*testing.T) ([]string, []string) {
		return func(t *testing.T) ([]string, []string) {
			return matrix(t, 2, "token", func(i int, _ *model.Report, p *model.Part) {
				if i == 2 {
					change(p)
				}
			}), []string{"token"}
		}
	}
	for name, tc := range map[string]struct {
		make func(*testing.T) (paths, tokens []string)
		want string
	}{
		"nothing":        {func(*testing.T) ([]string, []string) { return nil, nil }, "there is nothing to merge"},
		"no file":        {func(*testing.T) ([]string, []string) { return []string{"/nowhere/at-all"}, nil }, "the shard /nowhere/at-all can't be read: no such file"},
		"a folder":       {func(t *testing.T) ([]string, []string) { return []string{t.TempDir()}, nil }, "is a directory"},
		"other number":   {second(func(p *model.Part) { p.Of = 3 }), "the number of shards is 2 in one, 3 in the other"},
		"other settings": {second(func(p *model.Part) { p.Settings = map[string]string{"org": "umbrella"} }), `--org is "acme" in one, "umbrella" in the other`},
		"more settings":  {second(func(p *model.Part) { p.Settings = map[string]string{"org": "acme", "tag": "x"} }), `--tag is "" in one, "x" in the other`},
		"other show":     {second(func(p *model.Part) { p.Show = model.ShowNames }), "--show is values in one, names in the other"},
		"two of a shard": {second(func(p *model.Part) { p.Shard = 1 }), "are different files of the same shard, 1 of 2"},
		"other command": {func(t *testing.T) ([]string, []string) {
			return matrix(t, 2, "token", func(i int, r *model.Report, _ *model.Part) {
				r.Kind = []model.Kind{model.KindDrift, model.KindUnmanaged}[i-1]
			}), []string{"token"}
		}, "the command is drift in one, unmanaged in the other"},
		"no token":    {func(t *testing.T) ([]string, []string) { return matrix(t, 1, "token", nil), nil }, "there is no Terraform Cloud token to open it with"},
		"other token": {func(t *testing.T) ([]string, []string) { return matrix(t, 1, "token", nil), []string{"other"} }, "was sealed with another Terraform Cloud token"},
		"token in some": {func(t *testing.T) ([]string, []string) {
			open := matrix(t, 2, "", nil)
			return []string{matrix(t, 2, "token", nil)[0], open[1]}, []string{"token"}
		}, "one was written with a Terraform Cloud token and one without"},
		"later version": {func(t *testing.T) ([]string, []string) {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, []byte(`{"strandline_shard":2,"of":"many"}`+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return []string{path}, nil
		}, "was written by another version of strandline (shard format 2, this one reads 1)"},
	} {
		t.Run(name, func(t *testing.T) {
			paths, tokens := tc.make(t)
			_, _, err := read(paths, tokens...)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
			for _, e := range flatten(err) {
				if userfault.Hint(e) == "" {
					t.Errorf("no hint: %v", e)
				}
			}
			if code := userfault.Code(err); (code == userfault.CodeUsage) != (name == "nothing") {
				t.Errorf("code %d", code)
			}
		})
	}
}

func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func TestPartialAndInterrupted(t *testing.T) {
	paths := matrix(t, 2, "token", func(i int, _ *model.Report, p *model.Part) { p.Partial = i == 2 })
	m, _, err := read(paths, "token")
	if err != nil || !m.Partial || len(m.Missing) != 0 || len(m.Report.Problems) != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := report.Read(ctx, paths, []string{"token"}, &secret.Set{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestShardsHoldEverythingOnce(t *testing.T) {
	const of = 7
	sizes := map[int]int{}
	for n := range 7000 {
		for i := 1; i <= of; i++ {
			if (model.Shard{Index: i, Of: of}).Holds("acme", fmt.Sprint("w", n)) {
				sizes[i]++
			}
		}
	}
	sum := 0
	for _, n := range sizes {
		sum += n
	}
	if sum != 7000 || slices.Min(slices.Collect(maps.Values(sizes))) < 850 {
		t.Error(sizes)
	}
	if !(model.Shard{}).Holds("a", "b") || !(model.Shard{Index: 1, Of: 1}).Holds("a", "b") {
		t.Error("without shards, some belong to none")
	}
}
