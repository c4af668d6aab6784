package sink_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func onlyFile(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("folder holds %v, want only %s", entries, name)
	}
}

func TestWriteFileMakesFoldersAndReplaces(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "report.json")
	for _, content := range []string{"first, and longer", "second"} {
		if err := sink.WriteFile(path, text(content)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != content {
			t.Errorf("file holds %q, want %q", got, content)
		}
	}
	onlyFile(t, dir, "report.json")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o644 {
		t.Errorf("a new file has mode %v; others could not read it", info.Mode())
	}
}

func TestWriteFileKeepsTheModeOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sink.WriteFile(path, text("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestWriteFileFailureLeavesTheFormerFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("cut short")
	err := sink.WriteFile(path, func(w io.Writer) error {
		if err := text("half")(w); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v does not name its cause and the file", err)
	}
	if got := read(t, path); got != "old" {
		t.Errorf("file holds %q, want the former content", got)
	}
	onlyFile(t, dir, "report")
}

func TestWriteFileFollowsALink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no links here: ", err)
	}
	if err := sink.WriteFile(link, text("new")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, target); got != "new" {
		t.Errorf("the link's target holds %q, want %q", got, "new")
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info.Mode(), err)
	}
}

// Not with /dev/null: where this fails, it would be gone.
func TestWriteFileWritesToAPipeDirectly(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	got := make(chan string, 1)
	go func() {
		content, _ := os.ReadFile(pipe) // returns once the writer has closed it
		got <- string(content)
	}()
	if err := sink.WriteFile(pipe, text("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("the pipe was replaced: %v", err)
	}
	if content := <-got; content != "x" {
		t.Errorf("the reader got %q", content)
	}
}

func TestWriteFileRefuses(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		code       int
	}{
		{"standard output", "-", userfault.CodeUsage},
		{"nothing", "", userfault.CodeUsage},
		{"a folder", dir, userfault.CodeIncomplete},
		{"below a file", filepath.Join(blocked, "x"), userfault.CodeIncomplete},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := sink.WriteFile(tt.path, text("x"))
			if err == nil || userfault.Code(err) != tt.code || userfault.Hint(err) == "" {
				t.Errorf("error %v (code %d, hint %q), want code %d and a hint", err, userfault.Code(err), userfault.Hint(err), tt.code)
			}
		})
	}
}
