package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// object is what the cloud knows of one thing: attributes by name, as JSON has
// them. Its "id" is what its file is named after.
type object map[string]any

// store is the directory that stands for the cloud. The object with id ID of
// type shore_T is DIRECTORY/shore_T/ID.json, ID escaped as a segment of a URL.
type store string

func (s store) path(k *kind, id string) string {
	return filepath.Join(string(s), k.typeName(), url.PathEscape(id)+".json")
}

// get returns fs.ErrNotExist for an object that isn't there.
func (s store) get(k *kind, id string) (object, error) {
	text, err := os.ReadFile(s.path(k, id))
	if err != nil {
		return nil, err
	}
	o := object{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(k, id), err)
	}
	o["id"] = id
	return o, nil
}

// add keeps a new object; where its kind's ids are assigned, it gets the first
// that is free.
func (s store) add(k *kind, o object, fill func(object)) error {
	for n := 1; ; n++ {
		o["id"] = k.id(o, n)
		whole := maps.Clone(o)
		fill(whole)
		// Linking fails where there is such a file, renaming would not.
		err := s.write(k, whole, os.Link)
		if errors.Is(err, fs.ErrExist) {
			if k.prefix == "" {
				return fmt.Errorf("%q exists", o["id"])
			}
			continue
		}
		maps.Copy(o, whole)
		return err
	}
}

// put replaces an object.
func (s store) put(k *kind, o object) error { return s.write(k, o, os.Rename) }

// write writes an object beside its file, and moves it there at once: Terraform
// makes several objects at a time, and none should be read half written.
func (s store) write(k *kind, o object, move func(from, to string) error) error {
	folder := filepath.Join(string(s), k.typeName())
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "new-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // still there after a link or an error
	e := json.NewEncoder(file)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := errors.Join(e.Encode(o), file.Close()); err != nil {
		return err
	}
	return move(file.Name(), s.path(k, o["id"].(string)))
}

// remove is content with an object that is gone already.
func (s store) remove(k *kind, id string) error {
	if err := os.Remove(s.path(k, id)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ids returns the ids of all objects of a kind, in the order of their files' names.
func (s store) ids(k *kind) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(string(s), k.typeName()))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		name, isObject := strings.CutSuffix(e.Name(), ".json")
		if !isObject {
			continue
		}
		id, err := url.PathUnescape(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}
