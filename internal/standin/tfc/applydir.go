package tfc

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Apply gives the workspace a state by really applying a configuration with the
// terraform binary; it returns when that is done. The error holds what Terraform
// said.
func (w *Workspace) Apply(dir string) error {
	s := w.org.s
	s.mu.Lock()
	if s.opts.Terraform == "" || s.closed {
		s.mu.Unlock()
		return errors.New("the stand-in has no terraform binary, or is closed")
	}
	s.work.Add(1)
	defer s.work.Done()
	j, err := s.prepare(w, RunSpec{}, copyOf(dir))
	s.mu.Unlock()
	if err != nil {
		return err
	}
	ctx, done := s.turn()
	defer done()
	if err := j.init(ctx); err != nil {
		return err
	}
	if err := j.run(ctx, &j.log, "apply", "-input=false", "-auto-approve", "-lock=false", "-no-color"); err != nil {
		return err
	}
	state, err := os.ReadFile(filepath.Join(j.dir, stateFile))
	if err != nil {
		return fmt.Errorf("no state after apply: %w", err)
	}
	_, err = w.SetState(state)
	return err
}

// copyOf copies a configuration directory, without what Terraform keeps there.
func copyOf(src string) fill {
	return func(dst string) error {
		root, err := os.OpenRoot(src)
		if err != nil {
			return err
		}
		defer root.Close()
		if err := os.CopyFS(dst, root.FS()); err != nil {
			return err
		}
		for _, leftover := range []string{".terraform", stateFile, stateFile + ".backup"} {
			if err := os.RemoveAll(filepath.Join(dst, leftover)); err != nil {
				return err
			}
		}
		return nil
	}
}

// unpack writes the uploaded configuration.
func (v *configVersion) unpack(dst string) error {
	root, err := os.OpenRoot(dst) // nothing in the archive gets outside of it
	if err != nil {
		return err
	}
	defer root.Close()
	return eachFile(v.body, func(name, link string, content io.Reader) error {
		if dir := filepath.Dir(name); dir != "." {
			if err := root.MkdirAll(dir, 0o700); err != nil {
				return err
			}
		}
		if link != "" {
			if path.IsAbs(link) || !filepath.IsLocal(filepath.Join(filepath.Dir(name), link)) {
				return fmt.Errorf("%s is a link that leads out of the configuration", name)
			}
			return root.Symlink(link, name)
		}
		f, err := root.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, content)
		return errors.Join(err, f.Close())
	})
}

// checkTarball reports what is wrong with an upload.
func checkTarball(body []byte) error {
	return eachFile(body, func(_, _ string, content io.Reader) error {
		_, err := io.Copy(io.Discard, content)
		return err
	})
}

// eachFile walks the regular files of a tar.gz, and its symbolic links, which
// have a target.
func eachFile(body []byte, visit func(name, link string, content io.Reader) error) error {
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("not a gzip file: %w", err)
	}
	archive := tar.NewReader(zip)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("not a tar archive: %w", err)
		}
		link := ""
		switch h.Typeflag {
		case tar.TypeReg:
		case tar.TypeSymlink:
			link = h.Linkname
		default:
			continue
		}
		if err := visit(filepath.Clean(strings.TrimPrefix(h.Name, "./")), link, archive); err != nil {
			return err
		}
	}
}
