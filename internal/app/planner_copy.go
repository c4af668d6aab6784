package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// needTempOutside refuses to copy or pack a repository that TMPDIR lies in: the
// copy would be part of itself.
func needTempOutside(root string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	if inside, err := filepath.Rel(root, os.TempDir()); err == nil && filepath.IsLocal(inside) {
		return userfault.New("set TMPDIR to a folder outside of it", "%s can't be copied, since TMPDIR, %s, lies in it", root, os.TempDir())
	}
	return nil
}

// copyTree copies a folder without git's and Terraform's own. Symbolic links
// lead where they led. One that doesn't exist yet is an empty one.
func copyTree(from, to string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(to, 0o700) // it is yet to be made
	}
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == ".terraform") && rel != ".":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o700)
		case d.Type()&fs.ModeSymlink != 0:
			return copyLink(from, path, target)
		case d.Type().IsRegular():
			return copyFile(path, target)
		}
		return nil // a socket, a pipe
	})
}

// copyLink makes a link that stays within root the same, and any other absolute.
func copyLink(root, path, target string) error {
	to, err := os.Readlink(path)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(to) {
		full := filepath.Join(filepath.Dir(path), to)
		if rel, err := filepath.Rel(root, full); err != nil || !filepath.IsLocal(rel) {
			to = full
		}
	}
	return os.Symlink(to, target)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	// Programs that the configuration calls stay executable.
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600|info.Mode().Perm()&0o100)
	if err != nil {
		return err
	}
	if _, err := out.ReadFrom(in); err != nil {
		out.Close()
		return fmt.Errorf("%s: %w", from, err)
	}
	return out.Close()
}
