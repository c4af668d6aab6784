package tfc

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// sentinelResult is the part of a policy check's result that Sentinel itself
// writes: policy sets by name. Its description leaves it open; policy is a
// name, or an object with name and level.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/policy-checks#sample-response
type sentinelResult struct {
	Data map[string]struct {
		Error    any `json:"error"`
		Policies []struct {
			Policy         json.RawMessage `json:"policy"`
			Result         bool            `json:"result"`
			Error          any             `json:"error"`
			AllowedFailure bool            `json:"allowed-failure"`
			Trace          struct {
				Print       string `json:"print"`
				Description string `json:"description"`
				Error       any    `json:"error"`
			} `json:"trace"`
		} `json:"policies"`
	} `json:"data"`
}

// sentinelPolicies returns the policies of one check, from its result and its
// output (the text that Terraform Cloud shows; "" where it wasn't read).
func sentinelPolicies(check *tfe.PolicyCheck, output string) []model.Policy {
	sections := parseSentinel(output)
	out := fromResult(check, sections)
	if len(out) == 0 {
		out = sections
	}
	if len(out) == 0 {
		out = []model.Policy{summary(check, output)}
	}
	if check.Status == tfe.PolicyOverridden {
		for i := range out {
			if out[i].Status == policyFailed && out[i].Level != "advisory" {
				out[i].Status = policyOverridden
			}
		}
	}
	return out
}

// fromResult reads the check's structured result, and adds what only the
// output tells: levels, and the trace of the rules.
func fromResult(check *tfe.PolicyCheck, sections []model.Policy) []model.Policy {
	if check.Result == nil || check.Result.Sentinel == nil {
		return nil
	}
	var r sentinelResult
	raw, err := json.Marshal(check.Result.Sentinel)
	if err != nil || json.Unmarshal(raw, &r) != nil {
		return nil // of a shape not seen before; the output has it all
	}
	var out []model.Policy
	for _, set := range slices.Sorted(maps.Keys(r.Data)) {
		for _, p := range r.Data[set].Policies {
			name, level := policyName(p.Policy)
			q := model.Policy{Name: strings.TrimPrefix(name, set+"/"), Set: set, Level: level, Status: policyPassed}
			switch {
			case words(p.Error) != "" || words(p.Trace.Error) != "":
				q.Status = policyErrored
			case !p.Result:
				q.Status = policyFailed
			}
			if q.Level == "" && p.AllowedFailure {
				q.Level = "advisory"
			}
			if q.Status != policyPassed {
				q.Output = clip(cmp.Or(strings.TrimSpace(p.Trace.Print), words(p.Error), words(p.Trace.Error), p.Trace.Description))
			}
			if i := slices.IndexFunc(sections, func(s model.Policy) bool { return s.Name == q.Name && (s.Set == "" || s.Set == set) }); i >= 0 {
				q.Level = cmp.Or(sections[i].Level, q.Level)
				q.Output = cmp.Or(sections[i].Output, q.Output)
			}
			out = append(out, q)
		}
	}
	return out
}

func policyName(raw json.RawMessage) (name, level string) {
	if json.Unmarshal(raw, &name) == nil {
		return name, ""
	}
	var o struct {
		Name   string `json:"name"`
		Level  string `json:"enforcement-level"`
		Level2 string `json:"enforcement_level"`
	}
	if json.Unmarshal(raw, &o) != nil {
		return string(raw), ""
	}
	return o.Name, cmp.Or(o.Level, o.Level2)
}

// summary stands for a check of whose policies nothing is known but numbers.
func summary(check *tfe.PolicyCheck, output string) model.Policy {
	p := model.Policy{Name: "Sentinel policies", Set: string(check.Scope), Output: clip(output)}
	switch check.Status {
	case tfe.PolicyPasses:
		p.Status = policyPassed
	case tfe.PolicyErrored:
		p.Status = policyErrored
	case tfe.PolicyHardFailed:
		p.Status, p.Level = policyFailed, "hard-mandatory"
	default:
		p.Status, p.Level = policyFailed, "soft-mandatory"
	}
	if r := check.Result; r != nil && p.Output == "" && r.TotalFailed > 0 {
		p.Output = fmt.Sprintf("%d failed, %d passed", r.TotalFailed, r.Passed)
	}
	return p
}

var (
	sectionRE = regexp.MustCompile(`^#+ Policy \d+: (.+?)(?: \((advisory|soft-mandatory|hard-mandatory)\))?$`)
	resultRE  = regexp.MustCompile(`^Result: (true|false)$`)
)

// parseSentinel splits the output of a policy check into its policies, each
// under a heading of its own: "## Policy 1: set/name (hard-mandatory)", then
// "Result: false", and what it printed. For those that passed no output is
// kept.
func parseSentinel(output string) []model.Policy {
	var out []model.Policy
	var text []string
	flush := func() {
		if len(out) > 0 && out[len(out)-1].Status != policyPassed {
			out[len(out)-1].Output = clip(strings.Join(text, "\n"))
		}
		text = nil
	}
	for line := range strings.Lines(strings.Trim(output, "\x02\x03")) {
		line = strings.TrimRight(ansiRE.ReplaceAllString(line, ""), "\r\n \t")
		if m := sectionRE.FindStringSubmatch(line); m != nil {
			flush()
			p := model.Policy{Name: m[1], Level: m[2], Status: policyErrored} // until a result is seen
			if set, name, ok := strings.Cut(m[1], "/"); ok {
				p.Set, p.Name = set, name
			}
			out = append(out, p)
			continue
		}
		if m := resultRE.FindStringSubmatch(line); m != nil && len(out) > 0 {
			out[len(out)-1].Status = map[string]string{"true": policyPassed, "false": policyFailed}[m[1]]
			continue
		}
		text = append(text, line)
	}
	flush()
	return out
}
