package config

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/strandline-tf/strandline/internal/secret"
)

// value is one value of a setting, as text, and where it stands.
type value struct{ text, where string }

// source is what one place sets: settings by name. A setting that is present
// with no value is an empty list.
type source map[string][]value

func (s source) add(name, text, where string) {
	s[name] = append(s[name], value{text, where})
}

// Load returns the configuration of command. fs holds its parsed flags, as
// Register declared them; args are the FILE arguments; environ is the
// environment as os.Environ gives it; dir is the working directory.
// Any error is a userfault.Error with exit code 64.
func Load(fs *pflag.FlagSet, command string, args, environ []string, dir string) (*Config, error) {
	c := &Config{Command: command, Dir: dir, Secrets: &secret.Set{}, given: map[string]bool{}}
	if err := c.load(fs, args, newEnvironment(environ)); err != nil {
		return nil, withhold(err, c.Secrets)
	}
	return c, nil
}

func (c *Config) load(fs *pflag.FlagSet, args []string, env environment) error {
	table := settingsOf(c.Command)
	faults := &problems{}
	c.ambient(env, faults)
	// A command without a configuration file (a demonstration, say) looks at
	// nothing outside, and no mistake made there may stop it.
	reads := find(table, "config") != nil
	if reads {
		c.TerraformCloud.read(c, env, faults)
		c.GitHub.read(c, env, faults)
	}
	flags, inputs := fromFlags(fs, args), env.inputs(table)
	verify(flags, table, faults)
	verify(inputs, table, faults)
	file := source{}
	if reads {
		explicit, _ := first("config", flags, inputs)
		file = c.readFile(explicit, faults)
	}
	values := source{}
	for _, s := range table {
		got, ok := first(s.name, flags, inputs)
		if !ok {
			if got, ok = env.setting(&s); ok {
				verify(source{s.name: got}, table, faults)
			} else {
				got, ok = file[s.name]
			}
		}
		if c.given[s.name] = ok; !ok && s.def != "" {
			got = []value{{text: s.def}}
		}
		if s.kind == kindWords {
			got = words(got)
		}
		values[s.name] = got
	}
	if len(*faults) == 0 {
		c.fill(values, faults)
	}
	return faults.err()
}

// first returns what the first source that has the setting says.
func first(name string, sources ...source) ([]value, bool) {
	for _, s := range sources {
		if v, ok := s[name]; ok {
			return v, true
		}
	}
	return nil, false
}

// verify checks every value that a source has, in the table's order.
func verify(from source, table []setting, faults *problems) {
	for i := range table {
		s := &table[i]
		given := from[s.name]
		if s.kind == kindWords {
			given = words(given)
		}
		for _, v := range given {
			if flaw, hint := s.check(v.text); flaw != "" {
				faults.add(hint, "%s: %s", v.where, flaw)
			}
		}
	}
}

// one returns the value of a setting that is not a list, "" for none.
func (s source) one(name string) string {
	if len(s[name]) == 0 {
		return ""
	}
	return s[name][0].text
}

// texts returns the values of a list, each once, in the order given.
func (s source) texts(name string) []string {
	var out []string
	for _, v := range s[name] {
		if text := strings.TrimSpace(v.text); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
