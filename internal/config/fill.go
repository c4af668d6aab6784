package config

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// maxIgnoreFile bounds the ignore file, in bytes.
const maxIgnoreFile = 1 << 20

// fill puts checked values in their places.
func (c *Config) fill(values source, faults *problems) {
	t := &c.TerraformCloud
	t.Organization, t.Project = values.one("org"), values.one("project")
	t.Workspaces, t.Tags = values.texts("workspace"), values.texts("tag")
	for _, text := range values.texts("run") {
		t.Runs = append(t.Runs, parseRun(text))
	}
	c.Plans = planFiles(values["plan-file"], faults)
	c.ShardFiles = values.texts("shard-file")
	c.Refresh = values.one("refresh")
	c.MaxAge, _ = time.ParseDuration(values.one("max-age"))
	c.ComputedDrift, _ = strconv.ParseBool(values.one("computed-drift"))
	c.States, c.AWSRoles = values.texts("state"), values.texts("aws-role")
	for _, text := range values.texts("inventory") {
		c.Inventories = append(c.Inventories, parseInventory(text))
	}
	c.Adopt = Adopt{Dir: values.one("dir"), Sensitive: values.one("sensitive"), VerifyWith: values.one("verify-with")}
	c.Adopt.Verify, _ = strconv.ParseBool(values.one("verify"))
	c.Issue = Issue{Per: values.one("issue-per"), Labels: values.texts("issue-labels"), Owners: owners(values["owners"], faults)}
	c.OpenPR, _ = strconv.ParseBool(values.one("open-pr"))
	if show := values.one("show"); c.OpenPR && show != "values" {
		faults.add("leave one of them out", "open-pr writes values into the repository, which show: %s keeps from being told", show)
	}
	c.Commit = strings.ToLower(values.one("commit"))
	c.Wait, _ = time.ParseDuration(values.one("wait")) // checked
	c.Show, c.Format, c.Post = values.one("show"), values.one("format"), values.one("post")
	c.Writes = writes(values["write"], faults)
	c.shard(values, faults)
	c.Repo, c.Key = values.one("repo"), values.one("key")
	c.PullRequest, _ = strconv.Atoi(values.one("pr"))
	c.Check = values.one("check")
	c.PRLabels, _ = strconv.ParseBool(values.one("pr-labels"))
	c.FailOn, c.OverrideLabel = values.texts("fail-on"), values.one("override-label")
	c.Parallel, _ = strconv.Atoi(values.one("parallel"))
	c.LogLevel, c.LogFormat = values.one("log-level"), values.one("log-format")
	c.NoColor, _ = strconv.ParseBool(values.one("no-color"))
	if path := values.one("ignore"); path != "" {
		c.readIgnore(path, values["ignore"][0].where, faults)
	}
}

func writes(given []value, faults *problems) []Write {
	var out []Write
	taken := map[string]bool{}
	for _, v := range given {
		format, path, _ := strings.Cut(v.text, "=")
		if clean := filepath.Clean(path); taken[clean] {
			faults.add("give each report a file of its own", "%s: %s would be written twice", v.where, quote(path))
		} else {
			taken[clean] = true
		}
		out = append(out, Write{Format: format, Path: path})
	}
	return out
}

// readIgnore reads the ignore file. Under its usual name it is looked for like
// the configuration file and may be missing; one that was named may not.
func (c *Config) readIgnore(path, where string, faults *problems) {
	c.Ignore.Explicit = c.given["ignore"]
	at := resolve(c.Dir, path)
	if !c.Ignore.Explicit {
		if at = lookUp(c.Dir, path); at == "" {
			return
		}
		path, where = c.display(at), "ignore"
	}
	data, err := readBounded(at, maxIgnoreFile)
	if err != nil {
		faults.add("--ignore names the file of patterns to leave out", "%s: %s can't be read: %v", where, path, err)
		return
	}
	c.Ignore.Path, c.Ignore.Data = path, data
}

// lookUp returns the path of the file called name in dir or, failing that, in
// the root of the repository that dir is in; "" when it is in neither.
func lookUp(dir, name string) string {
	if path := filepath.Join(dir, name); exists(path) {
		return path
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, ".git")) {
			if path := filepath.Join(dir, name); exists(path) {
				return path
			}
			return ""
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// display returns path as a person in the working directory would write it.
func (c *Config) display(path string) string {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return path
	}
	if path, err = filepath.Abs(path); err != nil {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// readBounded reads a whole file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plainly(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, plainly(err)
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge(limit)
	}
	return data, nil
}
