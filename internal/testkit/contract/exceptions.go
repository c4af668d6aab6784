package contract

import (
	"fmt"
	"net/http"
	"strings"
)

// exception is something that is right although a description doesn't have it.
type exception struct {
	// Method is empty for any.
	Method string
	// Path is a regular expression over the whole path without the API's base.
	Path string
	// Outside: Path holds the base too, for what lies beside the API.
	Outside bool
	// Skip: the exchange isn't checked at all, nor is its body kept.
	Skip bool
	// Query are regular expressions of parameters that are known besides.
	Query []string
	// Statuses are answers that are let through without a look at their body.
	Statuses []int
	// MediaTypes are likewise content types of answers.
	MediaTypes []string
	Reason     string
}

func (e exception) matches(r *http.Request, bases []string) bool {
	if e.Method != "" && e.Method != r.Method {
		return false
	}
	if e.Outside {
		return matchesWhole(e.Path, r.URL.Path)
	}
	for _, base := range bases {
		if rest, ok := strings.CutPrefix(r.URL.Path, base); ok {
			return matchesWhole(e.Path, rest)
		}
	}
	return false
}

// amendment adds a value to a list in the description itself, where that is wrong.
type amendment struct {
	// Path leads to the list; "name=x" picks the member of a list with that name.
	Path   []string
	Add    any
	Reason string
}

func (a amendment) apply(raw any) error {
	at := raw
	for i, step := range a.Path {
		switch v := at.(type) {
		case map[string]any:
			if i == len(a.Path)-1 {
				items, ok := v[step].([]any)
				if !ok {
					return fmt.Errorf("%s is no list", step)
				}
				v[step] = append(items, a.Add)
				return nil
			}
			at = v[step]
		case []any:
			at = named(v, strings.TrimPrefix(step, "name="))
		default:
			return fmt.Errorf("nothing at %s", step)
		}
	}
	return fmt.Errorf("does not end at a list")
}

func named(items []any, name string) any {
	for _, item := range items {
		if m, ok := item.(map[string]any); ok && m["name"] == name {
			return m
		}
	}
	return nil
}

// runSearch are the parameters of both run lists that the API documentation has
// ("List Runs in a Workspace", "List Runs in an Organization").
var runSearch = []string{
	`search\[(user|commit|basic)\]`, `filter\[(source|status_group|timeframe|agent_pool_names)\]`, "include",
}

// terraformCloudExceptions: HashiCorp's description is a public beta and lacks
// things that the API documentation or its own Go client have.
var terraformCloudExceptions = []exception{
	{Outside: true, Skip: true, Path: `/_archivist/.*`,
		Reason: "logs, plan files and uploads lie in object storage, outside of the API"},
	{Outside: true, Skip: true, Path: `/api/state-versions/[^/]+/hosted_(json_)?state`,
		Reason: "where hosted-state-download-url points in HCP Terraform, outside of the API"},
	{Outside: true, Skip: true, Path: `/\.well-known/terraform\.json`,
		Reason: "service discovery, a protocol of its own"},
	{Skip: true, Method: "GET", Path: `/ping`,
		Reason: "go-tfe asks it first, for the rate limit and version headers"},
	{Skip: true, Method: "GET", Path: `/organizations/[^/]+/explorer`,
		Reason: "documented (Explorer API), missing in the description"},
	{Skip: true, Method: "POST", Path: `/runs/[^/]+/actions/(discard|cancel|force-cancel|force-execute)`,
		Reason: "documented (Runs API), while the description has only apply"},
	{Skip: true, Method: "GET", Path: `/runs/[^/]+/plan/json-output-redacted`,
		Reason: "the description has the run's json-output and the plan's redacted one, not the run's"},
	{Skip: true, Path: `/(workspaces|projects)/[^/]+/tag-bindings`,
		Reason: "documented and used by go-tfe; the description has it under relationships only"},
	{Skip: true, Path: `/(query-runs|queries|workspaces/[^/]+/queries)(/.*)?`,
		Reason: "query runs are in go-tfe, not in the description"},
	{Method: "GET", Path: `/workspaces/[^/]+/runs`, Query: runSearch,
		Reason: "documented parameters that the description lacks"},
	{Method: "GET", Path: `/organizations/[^/]+/runs`, Query: append([]string{`filter\[workspace_names\]`}, runSearch...),
		Reason: "documented parameters that the description lacks"},
	{Method: "GET", Path: `/organizations/[^/]+/workspaces`, Query: []string{`search\[(tags|exclude-tags)\]`, `filter\[tagged\]\[\d+\]\[(key|value)\]`},
		Reason: "documented parameters; the description spells filter[tagged] without the index"},
	{Method: "GET", Path: `/organizations/[^/]+/workspaces`, Query: []string{"TagBindings"},
		Reason: "go-tfe sends it by mistake beside filter[tagged]; the service takes no notice"},
	{Method: "GET", Path: `/runs/[^/]+/policy-checks`, Query: []string{"include"},
		Reason: "documented: include=run, run.workspace"},
	{Method: "GET", Path: `/(workspaces/[^/]+/)?(configuration-versions|state-versions)(/[^/]+)?`, Query: []string{"include"},
		Reason: "documented: include=ingress_attributes, outputs, run, created_by"},
	{Method: "GET", Path: `/policy-evaluations/[^/]+/policy-set-outcomes`, Query: []string{`filter\[\w+\]\[(status|enforcementLevel|enforcement_level)\]`},
		Reason: "documented parameters that the description lacks"},
	{Method: "GET", Path: `/workspaces/[^/]+/vars`, Query: []string{`page\[(number|size)\]`},
		Reason: "go-tfe sends its paging to every list"},
	{Method: "GET", Path: `/configuration-versions/[^/]+/ingress-attributes`, Statuses: []int{http.StatusOK},
		Reason: "documented to answer with a data member, as all of JSON:API; the description has the bare resource"},
	{Method: "POST", Path: `/runs/[^/]+/actions/apply`, Statuses: []int{http.StatusAccepted},
		Reason: "documented to answer without a body; the description wants the string \"null\""},
}

// terraformCloudAmendments correct single values of the description.
var terraformCloudAmendments = []amendment{
	{Path: []string{"components", "schemas", "runs", "properties", "attributes", "properties", "status", "enum"}, Add: "force_canceled",
		Reason: "a documented run state (Runs API, \"Run States\")"},
	{Path: []string{"paths", "/organizations/{organization_name}/workspaces", "get", "parameters", "name=include", "schema", "items", "enum"},
		Add: "current-state-version", Reason: "go-tfe's spelling (WSCurrentStateVer)"},
	{Path: []string{"paths", "/workspaces/{workspace_id}", "get", "parameters", "name=include", "schema", "items", "enum"},
		Add: "current-state-version", Reason: "go-tfe's spelling (WSCurrentStateVer)"},
	{Path: []string{"paths", "/organizations/{organization_name}/workspaces/{workspace_name}", "get", "parameters", "name=include", "schema", "items", "enum"},
		Add: "current-state-version", Reason: "go-tfe's spelling (WSCurrentStateVer)"},
}

// githubExceptions: GitHub names the errors of an operation only in part.
var githubExceptions = []exception{
	{Outside: true, Skip: true, Path: `(/api)?/graphql`,
		Reason: "GraphQL has a schema of its own, not in the REST description"},
	{Path: `.*`, Statuses: []int{401, 403, 404, 410, 422, 429, 500, 502, 503, 504},
		Reason: "documented once for all operations (authentication, rate limits, hidden repositories, incidents), not with each"},
	{Skip: true, Method: "GET", Path: `/repos/[^/]+/[^/]+/assignees/[^/]+`,
		Reason: "documented (Check if a user can be assigned), while the description has only the rest of issues"},
	{Method: "GET", Path: `/repos/[^/]+/[^/]+/contents/.*`, MediaTypes: []string{"application/vnd.github.raw", "application/vnd.github.raw+json", "application/vnd.github.html"},
		Reason: "custom media types are documented for it, the description has only the JSON ones"},
}
