package checkout

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReadTree: the .tf files of the whole repository are there, whatever
// folder of it is asked for, and nothing else.
func TestReadTree(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	put(t, filepath.Join(outside, "main.tf"), "secret")
	for name, text := range map[string]string{
		".git/config": "x", "main.tf": "a = 1\n", "envs/prod/main.tf": "b = 1\n", "envs/prod/secret.tfvars": "password", "terraform.tfstate": "{}",
		".terraform/modules/m/main.tf": "c = 1\n", "large.tf": strings.Repeat("#", maxFileSize+1),
	} {
		put(t, filepath.Join(dir, name), text)
	}
	if err := os.Symlink(filepath.Join(outside, "main.tf"), filepath.Join(dir, "link.tf")); err != nil {
		t.Skip("symbolic links can't be made here: ", err)
	}
	for at, root := range map[string]string{".": ".", "envs/prod": "envs/prod"} {
		tree, err := ReadTree(filepath.Join(dir, at))
		if err != nil {
			t.Fatal(err)
		}
		names := slices.Sorted(maps.Keys(tree.Files))
		if tree.Root != root || !slices.Equal(names, []string{"envs/prod/main.tf", "main.tf"}) || string(tree.Files["main.tf"]) != "a = 1\n" {
			t.Errorf("%s: %q, %q", at, tree.Root, names)
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
