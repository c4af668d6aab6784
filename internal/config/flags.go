package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Register declares the flags of command, with their help, on fs. Their values
// are checked by Load and not while they are parsed, so that a bad flag reads
// like a bad key of the file.
func Register(fs *pflag.FlagSet, command string) {
	for _, s := range settingsOf(command) {
		flag := fs.VarPF(&recorded{setting: s}, s.name, "", s.help)
		if s.kind == kindBool {
			flag.NoOptDefVal = "true"
		}
	}
}

// recorded is the value of a flag: the texts it was given, unchecked.
type recorded struct {
	setting setting
	values  []string
}

// Set is called once for each time the flag is given; of a flag that can't be
// repeated the last counts.
func (r *recorded) Set(v string) error {
	if !r.setting.kind.many() {
		r.values = nil
	}
	r.values = append(r.values, v)
	return nil
}

// String is what help shows as the default.
func (r *recorded) String() string {
	if r.values == nil {
		return r.setting.def
	}
	return strings.Join(r.values, ",")
}

// Type is what help shows in the value's place; pflag shows nothing for bool.
func (r *recorded) Type() string {
	if r.setting.kind == kindBool {
		return "bool"
	}
	return r.setting.arg
}

// fromFlags collects what the flags, and the FILE arguments, were given.
func fromFlags(fs *pflag.FlagSet, args []string) source {
	given := source{}
	fs.Visit(func(f *pflag.Flag) {
		if r, ok := f.Value.(*recorded); ok {
			for _, v := range r.values {
				given.add(f.Name, v, "--"+f.Name)
			}
		}
	})
	name := "plan-file"
	if fs.Lookup(name) == nil {
		name = "shard-file"
	}
	for _, file := range args {
		given.add(name, file, "FILE")
	}
	return given
}

// FlagFault turns an error of flag parsing into one that suggests the nearest
// flag that fs has. It never repeats a flag's value, which may be a token.
func FlagFault(fs *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		var noValue *pflag.ValueRequiredError
		if errors.As(err, &noValue) {
			return userfault.Usage("", "--%s needs a value", noValue.GetSpecifiedName())
		}
		return userfault.Usage("see --help for the flags there are", "a flag can't be read; a flag is written --NAME or --NAME=VALUE")
	}
	name := unknown.GetSpecifiedName()
	if shorthands := unknown.GetSpecifiedShortnames(); shorthands != "" {
		// -org=acme reads as the one-letter flags o, r, g, …
		name, _, _ = strings.Cut(shorthands, "=")
		if fs.Lookup(name) != nil {
			return userfault.Usage(fmt.Sprintf("write --%s, with two hyphens", name), "unknown flag -%s", name)
		}
		return userfault.Usage("see --help for the flags there are", "unknown flag -%s", unknown.GetSpecifiedName())
	}
	var names []string
	fs.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := "see --help for the flags there are"
	if h := tokenHint(name); h != "" {
		hint = h
	} else if near := nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return userfault.Usage(hint, "unknown flag --%s", name)
}
