package internal_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// module is the path that all of our imports begin with.
const module = "github.com/strandline-tf/strandline/"

// leaves may be imported by all that don't say otherwise.
var leaves = []string{"internal/secret", "internal/userfault", "internal/wire"}

// layers says what each package may import of ours. A pattern is a package's
// folder, or with /... that and all below; the first that fits a package
// counts, and a package that none fits has no place in the design yet.
var layers = []layer{
	{pkg: "cmd/...", may: []string{"internal/app"}, noLeaves: true},
	{pkg: "internal/testkit/...", may: []string{"..."}},
	{pkg: "internal/app/...", may: []string{"..."}},
	{pkg: "internal/config/..."},
	{pkg: "internal/fetch/...", may: []string{"internal/model/...", "internal/fetch/..."}},
	{pkg: "internal/history/...", may: []string{"internal/model"}},
	{pkg: "internal/match/...", may: []string{"internal/model/..."}},
	{pkg: "internal/model/..."},
	{pkg: "internal/propose/...", may: []string{"internal/model/..."}},
	{pkg: "internal/prove/...", may: []string{"internal/model/...", "internal/propose"}},
	{pkg: "internal/render/...", may: []string{"internal/model", "internal/render/..."}},
	{pkg: "internal/secret"},
	{pkg: "internal/sink/...", may: []string{"internal/sink/..."}},
	{pkg: "internal/standin/...", may: []string{"internal/standin/..."}, noLeaves: true},
	{pkg: "internal/userfault"},
	{pkg: "internal/wire"},
}

// environmentReaders are the packages that may read the environment.
var environmentReaders = []string{"cmd/...", "internal/config", "internal/testkit/..."}

// Sizes of files that are no tests, in lines.
const (
	maxLines    = 600 // of any
	medianLines = 150 // half of them are shorter
)

func TestArchitecture(t *testing.T) {
	for _, v := range check(os.DirFS("..")) {
		t.Error(v)
	}
}

// sound is a small tree that keeps all rules.
var sound = map[string]string{
	"go.mod":                  "module x",
	"cmd/strandline/main.go":  "// Command strandline runs. It does.\npackage main\n\nimport \"github.com/strandline-tf/strandline/internal/app\"\n\nfunc main() { app.Main() }\n",
	"internal/app/app.go":     "// Package app is first. It calls.\npackage app\n\nimport _ \"github.com/strandline-tf/strandline/internal/model\"\n\nfunc Main() {}\n",
	"internal/model/model.go": "// Package model is data. It is plain.\npackage model\n\nimport _ \"github.com/strandline-tf/strandline/internal/secret\"\n\nvar table = map[string]int{}\n\nfunc F() { table := map[string]int{}; table[\"x\"] = 1 }\n",
	"internal/secret/s.go":    "// Package secret is a leaf. It withholds.\npackage secret\n",
	"internal/testkit/k.go":   "// Package testkit helps. It is for tests.\npackage testkit\n\nimport \"os\"\n\nvar x = os.Getenv(\"X\")\n",
	"internal/model/m_test.go": "package model\n\nimport (\n\t\"os\"\n\t_ \"github.com/strandline-tf/strandline/internal/testkit\"\n)\n\n" +
		"func init() { table[os.Getenv(\"X\")] = 1 }\n",
	"internal/arch_test.go":        "package internal_test\n",
	".ci/tools/tools.go":           "package tools\n\nfunc init() {}\n",
	"internal/model/testdata/x.go": "package broken; func {",
}

// TestCheckFinds breaks the sound tree in one way at a time.
func TestCheckFinds(t *testing.T) {
	for _, v := range check(tree("", "")) {
		t.Fatalf("the sound tree: %s", v)
	}
	doc := func(name string) string {
		return "// Package " + name + " is one. It is two.\npackage " + name + "\n\n"
	}
	use := func(path string) string { return "import _ \"" + module + path + "\"\n" }
	for _, tc := range []struct{ name, file, source, want string }{
		{"cmd imports a leaf", "cmd/strandline/main.go", "// Command strandline runs. It does.\npackage main\n" + use("internal/secret"), "imports internal/secret"},
		{"app imports testkit", "internal/app/app.go", doc("app") + use("internal/testkit"), "imports internal/testkit: for tests only"},
		{"config imports model", "internal/config/c.go", doc("config") + use("internal/model"), "imports internal/model"},
		{"model imports render", "internal/model/model.go", doc("model") + use("internal/render"), "imports internal/render"},
		{"a leaf imports model", "internal/wire/w.go", doc("wire") + use("internal/model"), "imports internal/model"},
		{"fetch imports a sink", "internal/fetch/github/f.go", doc("github") + use("internal/sink/github"), "imports internal/sink/github"},
		{"render imports fetch", "internal/render/html/r.go", doc("html") + use("internal/fetch/tfc"), "imports internal/fetch/tfc"},
		{"a sink imports model", "internal/sink/summary/s.go", doc("summary") + use("internal/model"), "imports internal/model"},
		{"a sink imports render", "internal/sink/summary/s.go", doc("summary") + use("internal/render/markdown"), "imports internal/render/markdown"},
		{"a stand-in imports a leaf", "internal/standin/tfc/s.go", doc("tfc") + use("internal/wire"), "imports internal/wire"},
		{"a package without a place", "internal/other/o.go", doc("other"), "internal/other: stands in no layer"},
		{"no package comment", "internal/secret/s.go", "package secret\n", "internal/secret: no package comment"},
		{"one sentence only", "internal/secret/s.go", "// Package secret is a leaf.\npackage secret\n", "two sentences"},
		{"another name", "internal/secret/s.go", "// Package model is a leaf. It is.\npackage secret\n", "begin with \"Package secret \""},
		{"no Command", "cmd/strandline/main.go", "// Package main runs. It does.\npackage main\n", "begin with \"Command strandline \""},
		{"two package comments", "internal/model/again.go", doc("model"), "internal/model: 2 files have a package comment"},
		{"too long", "internal/model/long.go", "package model\n" + strings.Repeat("\n", 600), "long.go: 601 lines"},
		{"environment", "internal/app/env.go", "package app\n\nimport sys \"os\"\n\nvar home = sys.Getenv(\"HOME\")\n", "env.go:5: reads the environment"},
		{"init", "internal/model/init.go", "package model\n\nfunc init() {}\n", "init.go:3: init"},
		{"unfinished", "internal/model/m_test.go", "package model\n\n// TO" + "DO: more\n", "m_test.go:3: unfinished"},
		{"assigned", "internal/model/v.go", "package model\n\nvar n int\n\nfunc G() { n = 1 }\n", "v.go:5: changes n"},
		{"counted", "internal/model/v.go", "package model\n\nvar n int\n\nfunc G() { n++ }\n", "v.go:5: changes n"},
		{"changed in another file", "internal/model/v.go", "package model\n\nfunc G() { table[\"x\"] = 1 }\n", "v.go:3: changes table"},
		{"deleted from", "internal/model/v.go", "package model\n\nfunc G() { delete(table, \"x\") }\n", "v.go:3: changes table"},
		{"address taken", "internal/model/v.go", "package model\n\nvar n int\n\nfunc G() *int { return &n }\n", "v.go:5: changes n"},
		{"a lock", "internal/model/v.go", "package model\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "v.go:5: mu is a sync"},
		{"no Go", "internal/model/v.go", "package model\n\nfunc {\n", "v.go:3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := check(tree(tc.file, tc.source))
			if len(found) != 1 || !strings.Contains(found[0], tc.want) {
				t.Errorf("found %q, want one with %q", found, tc.want)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	long := strings.Repeat("\n", 200)
	found := check(fstest.MapFS{
		"internal/model/a.go": {Data: []byte("// Package model is data. It is plain.\npackage model\n" + long)},
		"internal/model/b.go": {Data: []byte("package model\n" + long)},
		"internal/model/c.go": {Data: []byte("package model\n")},
	})
	if len(found) != 1 || !strings.Contains(found[0], "median") {
		t.Errorf("%q", found)
	}
}

// tree is the sound tree with one file set.
func tree(file, source string) fstest.MapFS {
	out := fstest.MapFS{}
	for path, text := range sound {
		out[path] = &fstest.MapFile{Data: []byte(text)}
	}
	if file != "" {
		out[file] = &fstest.MapFile{Data: []byte(source)}
	}
	return out
}
