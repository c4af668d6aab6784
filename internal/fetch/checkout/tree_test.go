package checkout

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReadTree: the .tf files of the whole repository are there, and those that
// set variables, whatever folder of it is asked for, and nothing else.
func TestReadTree(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	put(t, filepath.Join(outside, "main.tf"), "secret")
	for name, text := range map[string]string{
		".git/config": "x", "main.tf": "a = 1\n", "envs/prod/main.tf": "b = 1\n", "envs/prod/secret.tfvars": "password", "terraform.tfstate": "{}",
		"envs/prod/terraform.tfvars": "v = 1\n", "envs/prod/terraform.tfvars.json": "{}", "a.auto.tfvars": "", "b.auto.tfvars.json": "{}",
		"auto.tfvars": "x", "package.json": "{}", "large.auto.tfvars": strings.Repeat("#", maxFileSize+1),
		".terraform/modules/m/main.tf": "c = 1\n", "large.tf": strings.Repeat("#", maxFileSize+1),
	} {
		put(t, filepath.Join(dir, name), text)
	}
	if err := os.Symlink(filepath.Join(outside, "main.tf"), filepath.Join(dir, "link.tf")); err != nil {
		t.Skip("symbolic links can't be made here: ", err)
	}
	if err := os.Symlink(filepath.Join(outside, "main.tf"), filepath.Join(dir, "terraform.tfvars")); err != nil {
		t.Fatal(err)
	}
	want := []string{"a.auto.tfvars", "b.auto.tfvars.json", "envs/prod/main.tf", "envs/prod/terraform.tfvars", "envs/prod/terraform.tfvars.json",
		"large.auto.tfvars", "main.tf", "terraform.tfvars"}
	for at, root := range map[string]string{".": ".", "envs/prod": "envs/prod"} {
		tree, err := ReadTree(filepath.Join(dir, at))
		if err != nil {
			t.Fatal(err)
		}
		names := slices.Sorted(maps.Keys(tree.Files))
		if tree.Root != root || !slices.Equal(names, want) || string(tree.Files["main.tf"]) != "a = 1\n" || string(tree.Files["envs/prod/terraform.tfvars"]) != "v = 1\n" {
			t.Errorf("%s: %q, %q", at, tree.Root, names)
		}
		for name, unread := range map[string]bool{"terraform.tfvars": true, "large.auto.tfvars": true, "a.auto.tfvars": false} {
			if (tree.Files[name] == nil) != unread {
				t.Errorf("%s: %q", name, tree.Files[name])
			}
		}
		if file, ok := tree.index.File("terraform.tfvars"); ok {
			t.Errorf("%s is indexed as configuration", file)
		}
	}
	if _, err := ReadTree(filepath.Join(dir, "gone", "gone")); err != nil {
		t.Error("a folder of a repository that isn't there any more: ", err)
	}
	if _, err := ReadTree(filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("a folder that isn't there was read")
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	const module = "module \"m\" {\n  source = \"../../modules/m\"\n}\n"
	for name, text := range map[string]string{
		".git/config": "", "envs/prod/main.tf": module + "resource \"a\" \"prod\" {}\nresource \"a\" \"both\" {}\n", "envs/dev/main.tf": module + "resource \"a\" \"both\" {}\n",
		"modules/m/main.tf": "resource \"a\" \"inner\" {}\n", "main.tf": "resource \"a\" \"root\" {}\n",
	} {
		put(t, filepath.Join(dir, name), text)
	}
	for _, tc := range []struct{ name, at, working, addresses, want string }{
		{"working directory", ".", "envs/dev", "a.prod", "envs/dev"},
		{"working directory with slashes", ".", "/envs/dev/", "a.prod", "envs/dev"},
		{"working directory that isn't there", ".", "envs/gone", "a.root", ""},
		{"working directory outside", ".", "../envs", "a.root", ""},
		{"where one stands", "envs/dev", "", "a.both[0]", "envs/dev"},
		{"the one that declares it", ".", "", `a.prod["x"]`, "envs/prod"},
		{"the one that declares most", ".", "", "a.both a.prod module.m.a.inner", "envs/prod"},
		{"several", ".", "", "a.both", ""},
		{"none", ".", "", "a.gone", ""},
		{"the root", "envs/dev", "", "a.root", "."},
		{"nothing to tell by", "envs/dev", "", "", "envs/dev"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree, err := ReadTree(filepath.Join(dir, tc.at))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := tree.Folder(tc.working, strings.Fields(tc.addresses))
			if !ok {
				got = ""
			}
			if got != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, %t; want %q", got, ok, tc.want)
			}
		})
	}
}
