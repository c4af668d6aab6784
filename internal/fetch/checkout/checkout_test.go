package checkout

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// repositoryOf lays out the files of a txtar archive under testdata.
func repositoryOf(t *testing.T, archive string) string {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", archive))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		put(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// locations says where x finds addresses, one a line.
func locations(x *Index, addresses ...string) string {
	var b strings.Builder
	for _, a := range addresses {
		file, line, ok := x.Locate(a)
		fmt.Fprintf(&b, "%s %s:%d %t\n", a, file, line, ok)
	}
	return b.String()
}

func TestLocate(t *testing.T) {
	x := opened(t, repositoryOf(t, "repository.txtar"))
	for address, want := range map[string]string{
		`aws_instance.web`:                "main.tf:8",
		`aws_instance.web[0]`:             "main.tf:8",
		`aws_instance.web["a.b]\"["]`:     "main.tf:8",
		`data.aws_ami.web`:                "main.tf:1",
		`var.size`:                        "variables.tf:2",
		`output.address`:                  "variables.tf:6",
		`check.health`:                    "variables.tf:10",
		`action.aws_lambda_invoke.tell`:   "variables.tf:17",
		`module.app`:                      "main.tf:18",
		`module.app.aws_db_instance.main`: "modules/app/main.tf:1",
		`module.app["x"].module.inner[3].null_resource.a`: "modules/app/inner/x.tf:2",
		`module.app.module.inner.check.deep`:              "modules/app/inner/x.tf:4",
		`module.registry.aws_vpc.this[0]`:                 "main.tf:22",
		`module.registry.module.more.aws_vpc.this`:        "main.tf:22",
		`aws_s3_bucket.only_in_dns`:                       "envs/dns/main.tf:1",
		`module.shared.aws_sns_topic.t`:                   "modules/shared/main.tf:1",
		`aws_s3_bucket.in_both`:                           "", // envs/dns, envs/net
		`aws_db_instance.main`:                            "", // stands in a module only
		`module.gone.aws_db_instance.main`:                "",
		`module.app.aws_db_instance.gone`:                 "",
		`module.outside.aws_x.y`:                          "main.tf:27",
		`module.loop.aws_x.y`:                             "",
		`aws_instance.in_a_heredoc`:                       "",
		`aws_instance.in_a_comment`:                       "",
		`aws_instance.hidden`:                             "", // .terraform
		`aws_instance`:                                    "",
		`aws_instance.web["a`:                             "",
		`module`:                                          "",
		`module.app.`:                                     "",
		``:                                                "",
		`x @alice <img> | ../../etc/passwd.y`:             "",
		strings.Repeat("module.loop.", 100000) + "aws_instance.deep": "",
	} {
		file, line, ok := x.Locate(address)
		got := ""
		if ok {
			got = fmt.Sprintf("%s:%d", file, line)
		}
		if got != want {
			t.Errorf("%.80s: %q, want %q", address, got, want)
		}
	}
}

func TestFile(t *testing.T) {
	x := opened(t, repositoryOf(t, "repository.txtar"))
	for name, want := range map[string]string{
		"variables.tf": "variables.tf", "main.tf": "", "modules/app/main.tf": "modules/app/main.tf",
		"../../modules/shared/main.tf": "modules/shared/main.tf", "../x.tf": "", "/etc/passwd": "", "gone.tf": "", "": "", "broken.tf": "broken.tf",
	} {
		if got, ok := x.File(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t, want %q", name, got, ok, want)
		}
	}
}

// TestBroken: what stands before, after and around a mistake is found.
func TestBroken(t *testing.T) {
	x := opened(t, repositoryOf(t, "repository.txtar"))
	got := locations(x, "null_resource.before", "null_resource.open", "null_resource.after")
	if want := "null_resource.before broken.tf:1 true\nnull_resource.open broken.tf:3 true\nnull_resource.after broken.tf:6 true\n"; got != want {
		t.Errorf("got\n%s", got)
	}
	for name, text := range map[string]string{
		"deep": strings.Repeat("a {\n", 100000), "brackets": "x = " + strings.Repeat("[", 500000), "templates": `x = "` + strings.Repeat("${\"", 200000),
		"binary": "\x00\xff\xfe", "empty": "", "closing": strings.Repeat("}", 1000), "labels": `resource "a"`, "keyword": "resource", "source": "module x {\nsource =",
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "a.tf"), text)
		put(t, filepath.Join(dir, "b.tf"), "resource \"a\" \"b\" {}\n")
		if got := locations(opened(t, dir), "a.b"); got != "a.b b.tf:1 true\n" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestNothingFromOutside: links lead nowhere, and large files are passed over.
func TestNothingFromOutside(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	put(t, filepath.Join(outside, "main.tf"), "resource \"a\" \"outside\" {}\n")
	put(t, filepath.Join(dir, "main.tf"), "module \"linked\" {\n  source = \"./linked\"\n}\n")
	put(t, filepath.Join(dir, "large.tf"), "resource \"a\" \"large\" {}\n"+strings.Repeat("#\n", maxFileSize/2))
	for link, to := range map[string]string{"linked": outside, "file.tf": filepath.Join(outside, "main.tf"), "self": dir} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("symbolic links can't be made here: ", err)
		}
	}
	got := locations(opened(t, dir), "a.outside", "module.linked.a.outside", "a.large", "module.linked")
	if want := "a.outside :0 false\nmodule.linked.a.outside :0 false\na.large :0 false\nmodule.linked main.tf:1 true\n"; got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestRepository: paths are those of the repository, wherever in it one stands.
func TestRepository(t *testing.T) {
	dir := repositoryOf(t, "repository.txtar")
	put(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	if got := locations(opened(t, filepath.Join(dir, "envs", "dns")), "aws_s3_bucket.only_in_dns"); got != "aws_s3_bucket.only_in_dns envs/dns/main.tf:1 true\n" {
		t.Error(got)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("a folder that isn't there was read")
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("resource \"a\" \"b\" {\n  x = \"${y}\"\n}\n", "module.a[\"b\"].c.d")
	f.Add("module \"a\" {\nsource = \"./a\"\n}", "module.a.b.c")
	f.Fuzz(func(t *testing.T, text, address string) {
		x := &Index{folders: map[string]*folder{}}
		x.folder(".").add("a.tf", []byte(text))
		x.findRoots()
		if file, line, ok := x.Locate(address); ok && (file != "a.tf" || line < 1 || line > strings.Count(text, "\n")+1) {
			t.Errorf("%s:%d", file, line)
		}
	})
}
