package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// stateCommand is `state WORKSPACE|PATH.tfstate FILE`: a workspace of the cloud
// tfc (org acme), or a file, has the state that the lines of FILE describe, a
// resource each: ADDRESS ID ATTRIBUTE=VALUE… with != instead of = where the
// value is sensitive, and data. before the address of a data source.
func stateCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: state WORKSPACE|PATH.tfstate FILE")
	}
	var resources []map[string]any
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		address, isData := strings.CutPrefix(words[0], "data.")
		mode := "managed"
		if isData {
			mode = "data"
		}
		typ, name, _ := strings.Cut(address, ".")
		attributes := map[string]string{"id": words[1]}
		sensitive := []any{}
		for _, w := range words[2:] {
			key, value, _ := strings.Cut(w, "=")
			if key, marked := strings.CutSuffix(key, "!"); marked {
				sensitive = append(sensitive, []map[string]string{{"type": "get_attr", "value": key}})
				attributes[key] = value
				continue
			}
			attributes[key] = value
		}
		provider, _, _ := strings.Cut(typ, "_")
		resources = append(resources, map[string]any{"mode": mode, "type": typ, "name": name,
			"provider":  fmt.Sprintf(`provider["registry.terraform.io/hashicorp/%s"]`, provider),
			"instances": []any{map[string]any{"attributes": attributes, "sensitive_attributes": sensitive}}})
	}
	text, err := json.Marshal(map[string]any{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": map[string]any{}, "resources": resources})
	ts.Check(err)
	if strings.HasSuffix(args[0], ".tfstate") {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
		return
	}
	w := ts.Value(worldKey{}).(*world)
	_, err = w.clouds["tfc"].Org("acme").Workspace(args[0]).SetState(text)
	ts.Check(err)
}

// keepCommand is `keep DIR`: remembers the files below a folder. `unchanged DIR`
// says that they are the same since, down to when they were written, and none
// is more or less.
func keepCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keep DIR")
	}
	ts.Setenv("kept_"+filepath.Base(args[0]), listing(ts, args[0]))
}

func unchangedCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: unchanged DIR")
	}
	was, is := ts.Getenv("kept_"+filepath.Base(args[0])), listing(ts, args[0])
	if (was == is) == neg {
		ts.Fatalf("it was\n%s\nand is\n%s", was, is)
	}
}

func listing(ts *testscript.TestScript, dir string) string {
	var out strings.Builder
	ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&out, "%s %s %q\n", path, info.ModTime(), text)
		return err
	}))
	return out.String()
}

// querySpec is what becomes of a query run.
type querySpec struct{ Log, Status string } // Log: a file

func (q *querySpec) outcome(ts *testscript.TestScript) tfc.Query {
	out := tfc.Query{Status: q.Status}
	if q.Log != "" {
		out.Log = ts.ReadFile(q.Log)
	}
	return out
}

// queried answers a query run as its workspace's description says. The list
// blocks that were uploaded become the files uploaded/WORKSPACE/PATH.
func (w *world) queried(q tfc.NewQuery) tfc.Query {
	if err := unpackQueries(q.Configuration, filepath.Join(w.dir, "uploaded", q.Workspace)); err != nil {
		w.t.Error(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.queries[q.Org+"/"+q.Workspace]
}

func unpackQueries(archive []byte, to string) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !strings.HasSuffix(header.Name, ".tfquery.hcl") {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		at := filepath.Join(to, filepath.FromSlash(filepath.Clean("/"+header.Name)))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o750), os.WriteFile(at, text, 0o600)); err != nil {
			return err
		}
	}
}
