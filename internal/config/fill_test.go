package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlanNames(t *testing.T) {
	for in, want := range map[string]string{
		"plan.json":                        "plan",
		"out/net.tfplan.json":              "net",
		"net.tfplan":                       "net",
		"plan.txt":                         "plan.txt",
		".json":                            ".json",
		"-":                                "stdin",
		"net=-":                            "net",
		"net=a=b.json":                     "net",
		" net =a.json":                     "net",
		"a/plan.json b/plan.json":          "a/plan b/plan",
		"./a/plan.json b/plan.json c.json": "a/plan b/plan c",
		"plan=x.json a/plan.json":          "plan a/plan",
		"a/plan.json a/plan.tfplan.json":   "a/plan.json a/plan.tfplan.json",
		"- stdin.json":                     "stdin stdin.json",
	} {
		faults := &problems{}
		var given []value
		for f := range strings.SplitSeq(in, " ") {
			given = append(given, value{f, "FILE"})
		}
		if strings.HasPrefix(in, " ") {
			given = []value{{in, "FILE"}}
		}
		var names []string
		for _, p := range planFiles(given, faults) {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != want || faults.err() != nil {
			t.Errorf("%s: got %s, want %s; %v", in, got, want, faults.err())
		}
	}
}

func TestRuns(t *testing.T) {
	c := world{args: []string{"--run=run-abc", "--run=https://TFE.example.com:8443/app/acme/workspaces/net/runs/run-1/plan",
		"--run=http://127.0.0.1:99/app/acme/net/runs/run-2?x#y", "--run=run-abc"}}.mustLoad(t)
	want := []Run{{ID: "run-abc"}, {"run-1", "https://tfe.example.com:8443", "acme", "net"}, {"run-2", "http://127.0.0.1:99", "acme", "net"}}
	if diff := cmp.Diff(want, c.TerraformCloud.Runs); diff != "" {
		t.Error(diff)
	}
}

func TestWrites(t *testing.T) {
	c := world{args: []string{"--write=markdown=out/a=b.md", "--write", "json=r.json", "--commit=ABCDEF1", "--pr=7", "--key=x", "--override-label=a b", "--wait=0",
		"--check=Terraform plan", "--pr-labels"}}.mustLoad(t)
	if diff := cmp.Diff([]Write{{"markdown", "out/a=b.md"}, {"json", "r.json"}}, c.Writes); diff != "" {
		t.Error(diff)
	}
	if c.Commit != "abcdef1" || c.PullRequest != 7 || c.Key != "x" || c.OverrideLabel != "a b" || c.Wait != 0 || !c.Given("wait") ||
		c.Check != "Terraform plan" || !c.PRLabels {
		t.Errorf("got %+v", c)
	}
}

func TestIgnoreFile(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   world
		want IgnoreFile
	}{
		{"none", world{}, IgnoreFile{}},
		{"here", world{files: map[string]string{"w/.strandlineignore": "a"}}, IgnoreFile{Path: ".strandlineignore", Data: []byte("a")}},
		{"in the root", world{files: map[string]string{".git/x": "", ".strandlineignore": "b"}}, IgnoreFile{Path: "../.strandlineignore", Data: []byte("b")}},
		{"above, but no root", world{files: map[string]string{".strandlineignore": "b"}}, IgnoreFile{}},
		{"named", world{args: []string{"--ignore=x"}, files: map[string]string{"w/x": "c", "w/.strandlineignore": "a"}}, IgnoreFile{Path: "x", Data: []byte("c"), Explicit: true}},
	} {
		if diff := cmp.Diff(tc.want, tc.in.mustLoad(t).Ignore); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

// The file here goes before the one in the repository's root, and both are
// found only under their own name.
func TestFileIsFound(t *testing.T) {
	for _, tc := range []struct {
		name, want, org string
		in              world
	}{
		{"here", ".strandline.yml", "here", world{files: map[string]string{"w/.strandline.yml": "org: here", ".git": "gitdir: x", ".strandline.yml": "org: root"}}},
		{"in the root", "../.strandline.yml", "root", world{files: map[string]string{".git": "gitdir: x", ".strandline.yml": "org: root"}}},
		{"above, but no root", "", "", world{files: map[string]string{".strandline.yml": "org: root"}}},
		{"named by an input", "x.yml", "x", world{env: []string{"INPUT_CONFIG=x.yml"}, files: map[string]string{"w/x.yml": "org: x", "w/.strandline.yml": "org: here"}}},
	} {
		c := tc.in.mustLoad(t)
		if c.File != tc.want || c.TerraformCloud.Organization != tc.org {
			t.Errorf("%s: %q with %q", tc.name, c.File, c.TerraformCloud.Organization)
		}
	}
}

// Paths in the repository's file start in its root, and those of flags, and of a
// file that was named, where one is.
func TestPathsOfAFile(t *testing.T) {
	c := world{command: "adopt", args: []string{"--state", "here.tfstate"}, files: map[string]string{".git/x": "", "ign": "a",
		".strandline.yml": "ignore: ign\ndir: infra\nwrite: [json=out/r.json, html=/abs.html]\ninventory: ['file:inv.json', aws, terraform-query, 'terraformer:gen', 'aws:eu-west-1']\n"}}.mustLoad(t)
	if string(c.Ignore.Data) != "a" || c.Adopt.Dir != "../infra" || c.Writes[0].Path != "../out/r.json" || c.Writes[1].Path != "/abs.html" ||
		c.Inventories[0].Path != "../inv.json" || c.Inventories[2].Path != "" || c.Inventories[3].Path != "../gen" || c.Inventories[4].Regions[0] != "eu-west-1" || c.States[0] != "here.tfstate" {
		t.Errorf("%+v %+v %+v %+v", c.Ignore, c.Adopt, c.Writes, c.Inventories)
	}
	c = world{files: map[string]string{".git/x": "", ".strandline.yml": "plan-file: [a=p.json, q.json, '-']\n"}}.mustLoad(t)
	if len(c.Plans) != 3 || c.Plans[0].Path != "../p.json" || c.Plans[0].Name != "a" || c.Plans[1].Path != "../q.json" || c.Plans[2].Path != "-" {
		t.Errorf("%+v", c.Plans)
	}
	c = world{args: []string{"--config", "sub/x.yml"}, files: map[string]string{"w/sub/x.yml": "ignore: ign\n", "w/ign": "b"}}.mustLoad(t)
	if string(c.Ignore.Data) != "b" {
		t.Errorf("%+v", c.Ignore)
	}
}

// Whatever a file holds, reading it ends, soon, in settings or in errors that
// say where and fit on a line.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"org: acme\nworkspace: [a, 'b*']\nwait: 30m\nno-color: true\n",
		"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
		"<<: *x", "? [a]\n: b", "- - - - a", "tag: !!str 1", "tag: |\n  x\n", "'org': \"\\x00\"", "{org: a, key: [}", "\x00", "\xff\xfe", "org: a\n...\n---\n",
		strings.Repeat("[", 100), strings.Repeat("- ", 100), strings.Repeat("? ", 30) + "a", strings.Repeat("&a ", 100), "!!a " + strings.Repeat("!!b ", 50),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		faults := &problems{}
		given := parseFile([]byte(text), "f", faults)
		for _, fault := range *faults {
			if !strings.HasPrefix(fault.Error(), "f") || strings.ContainsAny(fault.Error(), "\n\x00\x1b") {
				t.Errorf("%q: %q", text, fault.Error())
			}
		}
		for name := range given {
			if find(settings(), name) == nil {
				t.Errorf("%q sets %s", text, name)
			}
		}
	})
}

// What the commands beside plan are told.
func TestOtherCommands(t *testing.T) {
	drift := world{command: "drift", args: []string{"--shard=2/10", "--write=shard=part", "--refresh=run", "--max-age=1h", "--computed-drift", "--open-pr", "--issue-per=workspace",
		"--issue-labels=drift", "--owners=project: core=@acme/net, alice", "a.json"},
		files: map[string]string{"w/.strandline.yml": "owners:\n  net-*: ['@acme/net', bob]\n"}}.mustLoad(t)
	if drift.Shard != (Shard{2, 10}) || drift.Refresh != RefreshRun || drift.MaxAge.Hours() != 1 || !drift.ComputedDrift || !drift.OpenPR || drift.Plans[0].Path != "a.json" {
		t.Errorf("%+v", drift)
	}
	want := Issue{Per: IssuePerWorkspace, Labels: []string{"drift"},
		Owners: []Owners{{By: "project", Pattern: "core", Mention: []string{"@acme/net"}, Assign: []string{"alice"}}}}
	if diff := cmp.Diff(want, drift.Issue); diff != "" {
		t.Error(diff)
	}
	merge := world{command: "merge", args: []string{"a", "b=c"}, files: map[string]string{"w/.strandline.yml": "owners:\n  'net-*': ['@acme/net', bob]\n  tag:x: carol\n"}}.mustLoad(t)
	if diff := cmp.Diff([]string{"a", "b=c"}, merge.ShardFiles); diff != "" {
		t.Error(diff)
	}
	owners := []Owners{{By: "workspace", Pattern: "net-*", Mention: []string{"@acme/net"}, Assign: []string{"bob"}}, {By: "tag", Pattern: "x", Assign: []string{"carol"}}}
	if diff := cmp.Diff(owners, merge.Issue.Owners); diff != "" {
		t.Error(diff)
	}
	adopt := world{command: "adopt", args: []string{"--inventory=aws:eu-west-1+us-east-1", "--inventory=file:a:b", "--inventory=terraform-query", "--state=s", "--dir=out", "--verify"}}.mustLoad(t)
	if diff := cmp.Diff([]Inventory{{Kind: "aws", Regions: []string{"eu-west-1", "us-east-1"}}, {Kind: "file", Path: "a:b"}, {Kind: "terraform-query"}}, adopt.Inventories); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Adopt{Dir: "out", Sensitive: SensitiveIgnore, Verify: true, VerifyWith: VerifyAuto}, adopt.Adopt); diff != "" {
		t.Error(diff)
	}
}
