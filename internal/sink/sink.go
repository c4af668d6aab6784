// Package sink lets finished bytes out into the world. This package writes
// files; its subpackages write to GitHub (comments) and to GitHub Actions
// (outputs, job summary, annotations, log).
//
// Before it comes package render, whose bytes it takes as they are: a sink
// never renders, and knows neither the model nor the report. After it comes
// nothing but the reader.
package sink

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Permissions, before the umask, of what is made. Reports are for others to
// read: a later step, a web server, an artifact.
const (
	fileMode = 0o644
	dirMode  = 0o755
)

// WriteFile makes the file at path hold what write writes, whole or not at
// all: it goes to a temporary file beside it first, which then takes its
// place, so that a reader never sees half a report and a failure leaves the
// former file as it was. Missing folders are made, links are followed, and
// what is no regular file (a pipe, /dev/null) is written to directly. Standard
// output is not a file: "-" is refused.
func WriteFile(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return userfault.Usage("name a file; what goes to standard output is chosen by --format", "can't write a file named %q", path)
	}
	if err := writeFile(path, write); err != nil {
		return userfault.Wrap(err, "is the folder writable, and is there room?", "can't write %s", path)
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := fs.FileMode(fileMode)
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
			return err
		}
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return writeDirectly(path, write)
	default:
		mode = info.Mode().Perm()
	}
	return replace(path, mode, write)
}

func writeDirectly(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

func replace(path string, mode fs.FileMode, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what failed before is what matters
	}
	return err
}
