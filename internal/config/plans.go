package config

import (
	"path/filepath"
	"regexp"
	"strings"
)

// planFiles names the plans. One without NAME= is called by its file's base
// name without .json or .tfplan.json, standard input "stdin". Of plans that
// would be called the same, those from files without NAME= are called by their
// path without the extension, and if need be by their whole path.
func planFiles(given []value, faults *problems) []PlanFile {
	plans := make([]PlanFile, len(given))
	named := make([]bool, len(given))
	for i, v := range given {
		name, path, ok := strings.Cut(v.text, "=")
		if !ok {
			name, path = planName(v.text, 0), v.text
		}
		plans[i], named[i] = PlanFile{Name: strings.TrimSpace(name), Path: path}, ok
	}
	for level := 1; level <= 2; level++ {
		times := map[string]int{}
		for _, p := range plans {
			times[p.Name]++
		}
		for i := range plans {
			if p := &plans[i]; !named[i] && times[p.Name] > 1 {
				p.Name = planName(p.Path, level)
			}
		}
	}
	taken, stdin := map[string]bool{}, false
	for i, p := range plans {
		switch {
		case p.Path == "-" && stdin:
			faults.add("give the other plans as files", "%s: standard input (-) can be read only once", given[i].where)
		case taken[p.Name]:
			faults.add("NAME=FILE gives each plan a name of its own", "%s: two plans are called %s", given[i].where, quote(p.Name))
		}
		taken[p.Name] = true
		stdin = stdin || p.Path == "-"
	}
	return plans
}

// planName returns what the plan in path is called: level 0 is the base name
// without extension, 1 the path without it, 2 the path.
func planName(path string, level int) string {
	if path == "-" {
		return "stdin"
	}
	path = filepath.ToSlash(filepath.Clean(path))
	name := strings.TrimSuffix(strings.TrimSuffix(path, ".json"), ".tfplan")
	switch {
	case level == 2 || name == "" || strings.HasSuffix(name, "/"):
		return path
	case level == 1:
		return name
	}
	return name[strings.LastIndexByte(name, '/')+1:]
}

// Run names one run of Terraform Cloud. All but ID are known only where it was
// given as a URL.
type Run struct {
	ID           string // run-…
	Address      string // of the server, without a slash at its end
	Organization string
	Workspace    string
}

// parseRun takes what patternRun lets through.
func parseRun(text string) Run {
	m := regexp.MustCompile(`^(https?://[^/]+)/app/([^/]+)/(?:workspaces/)?([^/]+)/runs/(run-[A-Za-z0-9_-]+)`).FindStringSubmatch(text)
	if m == nil {
		return Run{ID: text}
	}
	return Run{ID: m[4], Address: strings.ToLower(m[1]), Organization: m[2], Workspace: m[3]}
}
