package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// description is a loaded OpenAPI description with its exceptions.
type description struct {
	doc        *openapi3.T
	bases      []string // path prefixes under which the API may be served
	paths      []*path
	exceptions []exception
}

// path is a path template of the description.
type path struct {
	template string
	segments []string
	item     *openapi3.PathItem
}

// load reads a description from ../shared/contracts beside the repository; its error
// is fs.ErrNotExist where that isn't there.
func load(name string, bases []string, exceptions []exception, amendments []amendment) (*description, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(root, "..", "shared", "contracts", name))
	if err != nil {
		return nil, err
	}
	var raw any
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, a := range amendments {
		if err := a.apply(raw); err != nil {
			return nil, fmt.Errorf("%s: amendment %v: %w", name, a.Path, err)
		}
	}
	if data, err = json.Marshal(raw); err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := &description{doc: doc, bases: bases, exceptions: exceptions}
	for template, item := range doc.Paths.Map() {
		d.paths = append(d.paths, &path{template, strings.Split(template, "/"), item})
	}
	return d, nil
}

// repository is the nearest directory upward that holds a go.mod.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("go.mod above the working directory: %w", os.ErrNotExist)
		}
		dir = filepath.Dir(dir)
	}
}

// match is what the description and the exceptions have to say of one request.
type match struct {
	route      *routers.Route // nil where the whole exchange is exempt
	params     map[string]string
	exceptions []exception
}

// exempt reports whether nothing is checked.
func (m *match) exempt() bool {
	return slices.ContainsFunc(m.exceptions, func(e exception) bool { return e.Skip })
}

// find looks a request up. The error says that nothing knows its path or method.
func (d *description) find(r *http.Request) (*match, error) {
	m := &match{}
	for _, e := range d.exceptions {
		if e.matches(r, d.bases) {
			m.exceptions = append(m.exceptions, e)
		}
	}
	known := false
	for _, base := range d.bases {
		rest, ok := strings.CutPrefix(r.URL.EscapedPath(), base)
		if !ok {
			continue
		}
		p, params := d.lookup(rest)
		if p == nil {
			continue
		}
		known = true
		if op := p.item.GetOperation(r.Method); op != nil {
			m.route = &routers.Route{Spec: d.doc, Path: p.template, PathItem: p.item, Method: r.Method, Operation: op}
			m.params = params
			return m, nil
		}
	}
	switch {
	case m.exempt():
		return m, nil
	case known:
		return nil, fmt.Errorf("the description has the path, but not with this method")
	}
	return nil, fmt.Errorf("the description has no such path")
}

// lookup finds the template that fits a path with the most literal segments.
func (d *description) lookup(requested string) (*path, map[string]string) {
	segments := strings.Split(requested, "/")
	var best *path
	var params map[string]string
	literals := -1
	for _, p := range d.paths {
		found, n, ok := fit(p.segments, segments)
		if ok && n > literals {
			best, params, literals = p, found, n
		}
	}
	return best, params
}

// fit matches a template's segments. The last parameter of GitHub's contents and
// git ref paths holds slashes.
func fit(template, segments []string) (params map[string]string, literals int, ok bool) {
	last := len(template) - 1
	if len(segments) > len(template) && (template[last] == "{path}" || template[last] == "{ref}") {
		segments = append(segments[:last:last], strings.Join(segments[last:], "/"))
	}
	if len(segments) != len(template) {
		return nil, 0, false
	}
	params = map[string]string{}
	for i, t := range template {
		switch {
		case strings.HasPrefix(t, "{") && segments[i] != "":
			params[strings.Trim(t, "{}")] = segments[i]
		case t == segments[i]:
			literals++
		default:
			return nil, 0, false
		}
	}
	return params, literals, true
}

// matchesWhole reports whether a regular expression matches all of s.
func matchesWhole(pattern, s string) bool {
	ok, err := regexp.MatchString("^(?:"+pattern+")$", s)
	return ok && err == nil
}
