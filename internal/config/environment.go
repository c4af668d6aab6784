package config

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-githubactions"
)

// environment is the program's environment, and the list it came as: where
// several variables mean the same host, the last one counts.
type environment struct {
	vars map[string]string
	list []string
}

func newEnvironment(environ []string) environment {
	env := environment{vars: map[string]string{}, list: environ}
	for _, entry := range environ {
		if name, v, ok := strings.Cut(entry, "="); ok {
			env.vars[name] = v
		}
	}
	return env
}

// get returns a variable without the space around it; "" is the same as not
// set, which is how a workflow passes on what it doesn't have.
func (e environment) get(names ...string) string {
	for _, name := range names {
		if v := strings.TrimSpace(e.vars[name]); v != "" {
			return v
		}
	}
	return ""
}

// input returns an action input. GitHub sets INPUT_FAIL-ON; since most shells
// can't set such a name, INPUT_FAIL_ON is read as well.
func (e environment) input(name string) string {
	action := githubactions.New(githubactions.WithGetenv(func(key string) string { return e.vars[key] }))
	if v := action.GetInput(name); v != "" {
		return v
	}
	return action.GetInput(strings.ReplaceAll(name, "-", "_"))
}

// inputs collects the action inputs that are set.
func (e environment) inputs(table []setting) source {
	given := source{}
	for _, s := range table {
		text := e.input(s.name)
		if text == "" {
			continue
		}
		lines := []string{text}
		if s.kind.many() {
			lines = strings.Split(text, "\n")
		}
		for _, line := range lines {
			if line = strings.TrimSpace(line); line != "" {
				given.add(s.name, line, "input "+s.name)
			}
		}
	}
	return given
}

// setting returns what the environment says of a setting.
func (e environment) setting(s *setting) ([]value, bool) {
	switch s.name {
	case "no-color":
		// https://no-color.org: any value that is not empty.
		if e.vars[s.env] != "" {
			return []value{{"true", s.env}}, true
		}
		return nil, false
	case "log-level":
		// GitHub sets it when a job is run again with debug logging.
		if e.get("RUNNER_DEBUG") == "1" {
			return []value{{"debug", "RUNNER_DEBUG"}}, true
		}
		return nil, false
	}
	if s.env == "" || e.get(s.env) == "" {
		return nil, false
	}
	return []value{{e.get(s.env), s.env}}, true
}

// ambient reads what every command heeds.
func (c *Config) ambient(env environment, faults *problems) {
	c.CI = env.get("CI") != "" && env.get("CI") != "false"
	// A shell's leftover is no reason to fail.
	if n, err := strconv.Atoi(env.get("COLUMNS")); err == nil && n > 0 {
		c.Columns = n
	}
	// https://reproducible-builds.org/specs/source-date-epoch: seconds since 1970, UTC.
	if text := env.get("SOURCE_DATE_EPOCH"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds < 0 || seconds > maxEpoch {
			faults.add("give the seconds since 1970, as `date +%s` prints them", "SOURCE_DATE_EPOCH: %s is not a time", quote(text))
			return
		}
		at := time.Unix(seconds, 0).UTC()
		c.SourceDate = &at
	}
}

// maxEpoch is the last second of the year 9999, the last that RFC 3339 can write.
const maxEpoch = 253402300799

// address checks the address of a server that a token is sent to. A missing
// scheme is https; the answer has no slash at its end. Plain http is for a
// server on this machine; elsewhere it is warned of.
func (c *Config) address(text, from string, faults *problems) *url.URL {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		// Not quoted: an address may hold a password.
		faults.add("write it like https://app.terraform.io", "%s is not the address of a server", from)
		return nil
	}
	u.Host = strings.ToLower(u.Host)
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		c.Warnings = append(c.Warnings, from+" is plain http: tokens travel unencrypted to "+u.Host)
	}
	return u
}

func loopback(hostname string) bool {
	ip := net.ParseIP(hostname)
	return hostname == "localhost" || strings.HasSuffix(hostname, ".localhost") || ip != nil && ip.IsLoopback()
}
