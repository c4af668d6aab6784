package tfc_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// folder writes files to a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// packed packs a folder.
func packed(t *testing.T, root string, overlay map[string][]byte) *bytes.Reader {
	t.Helper()
	var out bytes.Buffer
	if err := tfc.Pack(&out, root, overlay); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(out.Bytes())
}

// unpacked returns an archive's files and links.
func unpacked(t *testing.T, archive io.Reader) map[string]string {
	t.Helper()
	zip, err := gzip.NewReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for in := tar.NewReader(zip); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[h.Name]; twice {
			t.Errorf("%s is there twice", h.Name)
		}
		if h.Typeflag == tar.TypeReg {
			out[h.Name] = string(text)
		}
		if h.Typeflag == tar.TypeSymlink {
			out[h.Name] = "-> " + h.Linkname
		}
	}
}

func TestPack(t *testing.T) {
	root := folder(t, map[string]string{
		".git/config": "secret", ".terraform/providers/p": "large", ".terraform/modules/m/main.tf": "module",
		"live/net/.terraform/terraform.tfstate": "{}", "live/net/main.tf": "old", "live/net/imports.tf": "old imports",
		"modules/vpc/main.tf": "vpc", "docs/large.bin": "left out", ".terraformignore": "docs/\n*.secret\n", "live/x.secret": "left out",
	})
	if err := os.Symlink("../../modules/vpc/main.tf", filepath.Join(root, "live", "net", "vpc.tf")); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	relative, err := filepath.Rel(filepath.Dir(link), root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(relative, link); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		".terraform/modules/m/main.tf": "module", ".terraformignore": "docs/\n*.secret\n", "modules/vpc/main.tf": "vpc",
		"live/net/main.tf": "old", "live/net/vpc.tf": "-> ../../modules/vpc/main.tf", "live/net/imports.tf": "new imports", "new/s3.tf": "s3", "docs/kept.tf": "named",
	}
	for _, from := range []string{root, link} {
		got := unpacked(t, packed(t, from, map[string][]byte{
			"live/net/imports.tf": []byte("new imports"), "new/s3.tf": []byte("s3"), "docs/kept.tf": []byte("named")}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestPackFails(t *testing.T) {
	root := folder(t, map[string]string{"main.tf": strings.Repeat("# a configuration\n", 1<<16)})
	for _, name := range []string{"", ".", "../x.tf", "/etc/x.tf", "a//b.tf", "a/../../b.tf"} {
		if err := tfc.Pack(io.Discard, root, map[string][]byte{name: nil}); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := tfc.Pack(fullDisk{}, root, nil); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Error(err)
	}
	if err := tfc.Pack(io.Discard, filepath.Join(root, "absent"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := tfc.Pack(io.Discard, filepath.Join(root, "main.tf"), nil); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Error(err)
	}
	secret := folder(t, map[string]string{"credentials": "secret"})
	if err := os.Symlink(filepath.Join(secret, "credentials"), filepath.Join(root, "innocent.txt")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tfc.Pack(&out, root, nil); err == nil || !strings.Contains(err.Error(), "innocent.txt") || !strings.Contains(userfault.Hint(err), ".terraformignore") {
		t.Errorf("a link out of the folder: %v (%s)", err, userfault.Hint(err))
	}
}
