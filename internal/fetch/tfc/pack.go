package tfc

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/hashicorp/go-slug"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Pack writes the folder root, a repository's, as Terraform Cloud wants a
// configuration: a tar.gz with all that a workspace's working directory, which
// lies inside, may refer to. Left out are .git, .terraform (but its modules)
// and what the folder's .terraformignore names, as Terraform itself does.
// Overlay holds files to add or to put in another's place, by their path from
// root, with slashes; .terraformignore doesn't apply to them. A symbolic link
// that leads out of root is an error, as following it would publish what the
// repository doesn't hold.
func Pack(w io.Writer, root string, overlay map[string][]byte) error {
	err := pack(w, root, overlay)
	var illegal *slug.IllegalSlugError
	hint := ""
	if errors.As(err, &illegal) {
		hint = "name the link in .terraformignore, or replace it by what it leads to"
	}
	if err != nil {
		return userfault.Wrap(err, hint, "cannot pack the configuration in %s", root)
	}
	return nil
}

func pack(w io.Writer, root string, overlay map[string][]byte) error {
	for name := range overlay {
		if !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) {
			return &fs.PathError{Op: "add", Path: name, Err: fs.ErrInvalid}
		}
	}
	// The packer stumbles over a root that is a relative link, and packs nothing
	// of a root that is a file.
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return err
	}
	info, err := os.Stat(root)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &fs.PathError{Op: "read", Path: root, Err: errors.New("not a folder")}
	}
	packer, err := slug.NewPacker(slug.ApplyTerraformIgnore())
	if err != nil {
		return err
	}
	from, to := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err := packer.Pack(root, to)
		to.CloseWithError(err)
	}()
	defer func() {
		from.Close() // ends the packer
		<-done
	}()
	return lay(w, from, overlay)
}

// lay copies a tar.gz with the overlay in it.
func lay(w io.Writer, packed io.Reader, overlay map[string][]byte) error {
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	in, out := tar.NewReader(unzipped), tar.NewWriter(zip)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if _, replaced := overlay[path.Clean(h.Name)]; replaced {
			continue
		}
		if err := out.WriteHeader(h); err != nil {
			return err
		}
		if _, err := io.Copy(out, in); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(overlay)) {
		if err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(overlay[name])), Mode: 0o644}); err != nil {
			return err
		}
		if _, err := out.Write(overlay[name]); err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), zip.Close())
}
