package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// What a person reads when something is wrong, word for word.
func TestErrors(t *testing.T) {
	file := func(text string) world { return world{files: map[string]string{"w/.strandline.yml": text}} }
	flags := func(args ...string) world { return world{args: args} }
	drift := func(args ...string) world { return world{command: "drift", args: args} }
	env := func(env ...string) world { return world{env: env} }
	for _, tc := range []struct {
		name       string
		in         world
		what, hint string
	}{
		{"unknown flag", flags("--fail_on=x"), `unknown flag --fail_on`, `did you mean --fail-on?`},
		{"unknown flag like none", flags("--xyzzy"), `unknown flag --xyzzy`, `see --help for the flags there are`},
		{"one hyphen", flags("-org=acme"), `unknown flag -org`, `write --org, with two hyphens`},
		{"unknown short flag", flags("-q"), `unknown flag -q`, `see --help for the flags there are`},
		{"token as flag", flags("--tfe-token=s3cr3t-s3cr3t"), `unknown flag --tfe-token`, `tokens are read from the environment only: set TFE_TOKEN, TF_TOKEN_<host> or GITHUB_TOKEN`},
		{"token as short flag", flags("-token=s3cr3t-s3cr3t"), `unknown flag -t`, `see --help for the flags there are`},
		{"flag without value", flags("--org"), `--org needs a value`, ``},
		{"bad flag syntax", flags("--=s3cr3t"), `a flag can't be read; a flag is written --NAME or --NAME=VALUE`, `see --help for the flags there are`},

		{"choice", flags("--show=value"), `--show: "value" is not one of values, names, counts`, `did you mean values?`},
		{"choice like none", flags("--format=xml5"), `--format: "xml5" is not one of text, markdown, json, html, sarif`, ``},
		{"choice in a list", flags("--fail-on=destroy,drfit"), `--fail-on: "drfit" is not one of changes, destroy, replace, drift, unmanaged, policy, checks, errored`, `did you mean drift?`},
		{"number", flags("--parallel=65"), `--parallel: "65" is not a whole number from 1 to 64`, ``},
		{"number that is none", flags("--pr=#7"), `--pr: "#7" is not a whole number from 1 to 2147483647`, ``},
		{"duration", flags("--wait=30"), `--wait: "30" is not a duration`, `write a number and a unit, as in 90s, 30m or 1h30m, or 0`},
		{"negative duration", flags("--wait=-1m"), `--wait: "-1m" is not a duration`, `write a number and a unit, as in 90s, 30m or 1h30m, or 0`},
		{"boolean", flags("--no-color=maybe"), `--no-color: "maybe" is neither true nor false`, ``},
		{"glob", flags("--workspace=net-[a"), `--workspace: "net-[a" is not a glob`, `* stands for any characters, ? for one, [a-c] for one of several; write \[ for a bracket itself`},
		{"empty", flags("--org="), `--org: is empty`, ``},
		{"repository", flags("--repo=acme"), `--repo: "acme" is not OWNER/NAME`, ``},
		{"commit", flags("--commit=main"), `--commit: "main" is not the SHA of a commit`, `4 to 64 hexadecimal digits; a branch or tag won't do`},
		{"run", flags("--run=https://app.terraform.io/app/acme/net"), `--run: "https://app.terraform.io/app/acme/net" is not the id or the URL of a run`, `a run's id looks like run-CZcmD7eagjhyX0vN; its page's address will do`},
		{"key", flags("--key=a --> b"), `--key: "a --> b" is not a key`, `up to 64 letters, digits, dots, slashes, hyphens and underscores`},
		{"write", flags("--write=report.md"), `--write: "report.md" is not FORMAT=PATH`, `FORMAT is text, markdown, json, html or sarif; with --shard also shard`},
		{"written twice", flags("--write=json=r", "--write=text=./r"), `--write: "./r" would be written twice`, `give each report a file of its own`},
		{"nameless plan", flags("=a.json"), `FILE: "=a.json" is not [NAME=]FILE`, "name a file that `terraform show -json` wrote, or - for standard input; NAME, up to the first =, is the workspace it stands for"},
		{"fileless plan", flags("--plan-file=net="), `--plan-file: "net=" is not [NAME=]FILE`, "name a file that `terraform show -json` wrote, or - for standard input; NAME, up to the first =, is the workspace it stands for"},
		{"standard input twice", flags("-", "net=-"), `FILE: standard input (-) can be read only once`, `give the other plans as files`},
		{"one name twice", flags("net=a.json", "net=b.json"), `FILE: two plans are called "net"`, `NAME=FILE gives each plan a name of its own`},
		{"long value", flags("--repo=" + strings.Repeat("x", 100)), `--repo: "` + strings.Repeat("x", 80) + `…" is not OWNER/NAME`, ``},
		{"control characters", flags("--repo=a\nb\x1b[31m"), `--repo: "a\nb\x1b[31m" is not OWNER/NAME`, ``},

		{"shard that isn't written", drift("--shard=1/2"), `--shard: the part is not written anywhere`, "add --write shard=PATH, and give the files of all parts to `strandline merge`"},
		{"shard of none", drift("--write=shard=x"), `--write: a shard is written by a command that has --shard`, `name the part with --shard I/N`},
		{"shard beyond the last", drift("--shard=3/2", "--write=shard=x"), `--shard: there is no part 3/2`, `the parts of N are 1/N to N/N`},
		{"shard of a plan", flags("--write=shard=x"), `--write: a shard is written by a command that has --shard`, `name the part with --shard I/N`},
		{"owner", drift("--owners=net-*=a b"), `--owners: "net-*=a b" is not WORKSPACES=NAMES`, `write the glob of a workspace's name, project:NAME or tag:NAME, then @user or @org/team to mention, or a user without @ to assign`},
		{"owners' glob", drift("--owners=net-[=a"), `--owners: "net-[" is not a glob`, `* stands for any characters`},

		{"input", env("INPUT_SHOW=all"), `input show: "all" is not one of values, names, counts`, ``},
		{"input that a flag overrides", world{args: []string{"--show=names"}, env: []string{"INPUT_SHOW=all"}}, `input show: "all" is not one of values, names, counts`, ``},
		{"environment", env("TF_WORKSPACE=["), `TF_WORKSPACE: "[" is not a glob`, `* stands for any characters, ? for one, [a-c] for one of several; write \[ for a bracket itself`},
		{"clock", env("SOURCE_DATE_EPOCH=yesterday"), `SOURCE_DATE_EPOCH: "yesterday" is not a time`, "give the seconds since 1970, as `date +%s` prints them"},
		{"clock out of range", env("SOURCE_DATE_EPOCH=253402300800"), `SOURCE_DATE_EPOCH: "253402300800" is not a time`, "give the seconds since 1970, as `date +%s` prints them"},
		{"run id", env("GITHUB_RUN_ID=x"), `GITHUB_RUN_ID: "x" is not a number from 1`, `GitHub Actions sets it; elsewhere leave it unset`},
		{"address", env("TFE_ADDRESS=https://user:s3cr3t@tfe.example.com"), `TFE_ADDRESS is not the address of a server`, `write it like https://app.terraform.io`},
		{"address with a path", env("INPUT_TFE-ADDRESS=https://app.terraform.io/app/acme"), `input tfe-address is not the address of a server`, `write it like https://app.terraform.io`},
		{"address of another kind", env("GITHUB_API_URL=ftp://x"), `GITHUB_API_URL is not the address of a server`, `write it like https://app.terraform.io`},

		{"named file is missing", flags("--config=no.yml"), `--config: no.yml can't be read: file does not exist`, `--config names the configuration file`},
		{"named file is a directory", flags("--config=."), `--config: . can't be read: is a directory`, `--config names the configuration file`},
		{"ignore file is missing", flags("--ignore=no"), `--ignore: no can't be read: file does not exist`, `--ignore names the file of patterns to leave out`},
		{"ignore file of the file is missing", file("ignore: no"), `.strandline.yml:1:9: ignore: no can't be read: file does not exist`, `--ignore names the file of patterns to leave out`},

		{"unknown key", file("org: acme\nfail_on: [drift]\n"), `.strandline.yml:2:1: unknown key "fail_on"`, `did you mean fail-on?`},
		{"unknown key like none", file("xyzzy: 1"), `.strandline.yml:1:1: unknown key "xyzzy"`, "`strandline schema config` describes the keys there are"},
		{"a flag only", file("config: x.yml"), `.strandline.yml:1:1: unknown key "config"`, "`strandline schema config` describes the keys there are"},
		{"token in the file", file("tfe-token: s3cr3t-s3cr3t"), `.strandline.yml:1:1: "tfe-token" can't be set in a file`, `tokens are read from the environment only: set TFE_TOKEN, TF_TOKEN_<host> or GITHUB_TOKEN`},
		{"another", file("github_token: s3cr3t-s3cr3t"), `.strandline.yml:1:1: "github_token" can't be set in a file`, `tokens are read from the environment only: set GITHUB_TOKEN`},
		{"duplicate key", file("org: a\n\norg: b"), `.strandline.yml:3:1: org: is set already on line 1`, `a list holds several values`},
		{"bad value", file("show:   value"), `.strandline.yml:1:9: show: "value" is not one of values, names, counts`, `did you mean values?`},
		{"bad item", file("fail-on:\n  - drift\n  - destory"), `.strandline.yml:3:5: fail-on: "destory" is not one of changes, destroy, replace, drift, unmanaged, policy, checks, errored`, `did you mean destroy?`},
		{"bad glob", file("workspace: ['net-[']"), `.strandline.yml:1:13: workspace: "net-[" is not a glob`, `* stands for any characters, ? for one, [a-c] for one of several; write \[ for a bracket itself`},
		{"number for a text", file("org: 12"), `.strandline.yml:1:6: org: is a number`, `write a text; put what YAML takes for something else in quotes`},
		{"text for a number", file("pr: '7'"), `.strandline.yml:1:5: pr: is a text`, `write a whole number from 1 to 2147483647, without quotes`},
		{"number out of range", file("parallel: 0"), `.strandline.yml:1:11: parallel: "0" is not a whole number from 1 to 64`, ``},
		{"text for a boolean", file("no-color: yes"), `.strandline.yml:1:11: no-color: is a text`, `write true or false`},
		{"duration without unit", file("wait: 30"), `.strandline.yml:1:7: wait: "30" is not a duration`, `write a number and a unit, as in 90s, 30m or 1h30m, or 0`},
		{"fraction for a duration", file("wait: 1.5"), `.strandline.yml:1:7: wait: is a number`, `write a number and a unit, as in 90s, 30m or 1h30m, or 0`},
		{"nothing", file("org:"), `.strandline.yml:1:6: org: is empty`, `write a text; put what YAML takes for something else in quotes`},
		{"list for one", file("org: [a]"), `.strandline.yml:1:6: org: is a list`, `write a text; put what YAML takes for something else in quotes`},
		{"mapping", file("tag:\n  a: b"), `.strandline.yml:2:4: tag: is a mapping`, `write one text or a list of texts; put what YAML takes for something else in quotes`},
		{"list in a list", file("tag: [[a]]"), `.strandline.yml:1:7: tag: is a list`, `write one text or a list of texts; put what YAML takes for something else in quotes`},
		{"alias", file("org: &x acme"), `.strandline.yml:1:6: org: is an anchor, an alias or a merge, which are not supported`, `write a text; put what YAML takes for something else in quotes`},
		{"no settings", file("just a text"), `.strandline.yml:1:1: holds a text instead of settings`, `write settings as KEY: VALUE`},
		{"two documents", file("org: a\n---\nkey: b"), `.strandline.yml:3:4: a second document begins`, `keep the settings in one document`},
		{"not YAML", file("org: 'a\nkey: b"), `.strandline.yml:1:6: not valid YAML: could not find end character of single-quoted text`, ``},
		{"deep", file("tag: " + strings.Repeat("[", 40)), `.strandline.yml is nested too deeply`, `settings are one level deep: KEY: VALUE`},
		{"large", file(strings.Repeat("# comment\n", 7000)), `.strandline.yml can't be read: it is larger than 32 KiB`, `--config names the configuration file`},
		{"in the repository's root", world{files: map[string]string{".git/HEAD": "", ".strandline.yml": "x: 1"}}, `../.strandline.yml:1:1: unknown key "x"`, "`strandline schema config` describes the keys there are"},
		{"another file", world{args: []string{"--config=ci/s.yml"}, files: map[string]string{"w/ci/s.yml": "\nformt: json", "w/.strandline.yml": "no: 1"}}, `ci/s.yml:2:1: unknown key "formt"`, `did you mean format?`},

		{"several", world{args: []string{"--show=x", "--wait=x"}, files: map[string]string{"w/.strandline.yml": "formt: json"}},
			`--wait: "x" is not a duration (write a number and a unit, as in 90s, 30m or 1h30m, or 0); --show: "x" is not one of values, names, counts; .strandline.yml:1:1: unknown key "formt" (did you mean format?)`, ``},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.in.load(t)
			if err == nil {
				t.Fatal("no error")
			}
			if err.Error() != tc.what || userfault.Hint(err) != tc.hint {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", err, userfault.Hint(err), tc.what, tc.hint)
			}
			if userfault.Code(err) != userfault.CodeUsage {
				t.Errorf("exit code is %d", userfault.Code(err))
			}
			if text := err.Error() + userfault.Hint(err); strings.Contains(text, "s3cr3t") || strings.Contains(text, "\n") {
				t.Errorf("%q has a secret or more than a line", text)
			}
		})
	}
}

func TestManyErrorsAreCut(t *testing.T) {
	var text strings.Builder
	for i := range 9 {
		fmt.Fprintf(&text, "xyzzy%d: 1\n", i)
	}
	_, err := world{files: map[string]string{"w/.strandline.yml": text.String()}}.load(t)
	if err == nil || strings.Count(err.Error(), "unknown key") != maxTold || !strings.HasSuffix(err.Error(), "; and 4 more") {
		t.Errorf("got %v", err)
	}
}

// A token that was put where something else belongs is not repeated.
func TestErrorsWithholdTokens(t *testing.T) {
	_, err := world{args: []string{"--repo=tfe-token-1"}, env: []string{"TFE_TOKEN=tfe-token-1"}}.load(t)
	if want := `--repo: "(sensitive value)" is not OWNER/NAME`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
