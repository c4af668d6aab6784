package config

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// shard reads --shard, which goes with --write shard=PATH: a part of a check
// is of use to `strandline merge` only.
func (c *Config) shard(values source, faults *problems) {
	at := slices.IndexFunc(c.Writes, func(w Write) bool { return w.Format == FormatShard })
	text := values.one("shard")
	switch {
	case text == "" && at >= 0:
		faults.add("name the part with --shard I/N", "%s: a shard is written by a command that has --shard", values["write"][at].where)
	case text == "":
	case at < 0:
		faults.add("add --write shard=PATH, and give the files of all parts to `strandline merge`", "%s: the part is not written anywhere", values["shard"][0].where)
	default:
		index, of, _ := strings.Cut(text, "/")
		c.Shard.Index, _ = strconv.Atoi(index) // checked
		c.Shard.Of, _ = strconv.Atoi(of)
		if c.Shard.Index > c.Shard.Of {
			faults.add("the parts of N are 1/N to N/N", "%s: there is no part %s", values["shard"][0].where, text)
		}
	}
}

// parseInventory takes what patternSource lets through.
func parseInventory(text string) Inventory {
	kind, rest, _ := strings.Cut(text, ":")
	if kind == "aws" {
		if rest == "" {
			return Inventory{Kind: kind}
		}
		return Inventory{Kind: kind, Regions: strings.Split(rest, "+")}
	}
	return Inventory{Kind: kind, Path: rest}
}

// owners reads WHOSE=NAME,NAME pairs that patternOwners let through.
func owners(given []value, faults *problems) []Owners {
	var out []Owners
	for _, v := range given {
		whose, names, _ := strings.Cut(v.text, "=")
		o := Owners{By: "workspace", Pattern: strings.TrimSpace(whose)}
		for _, by := range []string{"workspace", "project", "tag"} {
			if rest, ok := strings.CutPrefix(o.Pattern, by+":"); ok {
				o.By, o.Pattern = by, strings.TrimSpace(rest)
				break
			}
		}
		if _, err := path.Match(o.Pattern, ""); err != nil || o.Pattern == "" {
			faults.add("* stands for any characters", "%s: %s is not a glob", v.where, quote(whose))
		}
		for name := range strings.SplitSeq(names, ",") {
			if name = strings.TrimSpace(name); strings.HasPrefix(name, "@") {
				o.Mention = append(o.Mention, name)
			} else {
				o.Assign = append(o.Assign, name)
			}
		}
		out = append(out, o)
	}
	return out
}
