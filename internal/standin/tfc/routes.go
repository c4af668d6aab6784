package tfc

import "net/http"

// routes is the table of everything that the stand-in answers. Paths of the API are
// relative to /api/v2; whatever isn't here is 404.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /ping":                (*call).ping,
		"GET /account/details":     (*call).readAccount,
		"GET /organizations":       (*call).listOrganizations,
		"GET /organizations/{org}": (*call).readOrganization,

		"GET /organizations/{org}/projects":             (*call).listProjects,
		"GET /projects/{id}":                            (*call).readProject,
		"GET /projects/{id}/tag-bindings":               (*call).listProjectBindings,
		"GET /projects/{id}/relationships/tag-bindings": (*call).listProjectBindings,

		"GET /organizations/{org}/workspaces":             (*call).listWorkspaces,
		"GET /organizations/{org}/workspaces/{workspace}": (*call).readWorkspace,
		"GET /workspaces/{id}":                            (*call).readWorkspace,
		"GET /workspaces/{id}/relationships/tags":         (*call).listTags,
		"GET /workspaces/{id}/tag-bindings":               (*call).listBindings,
		"GET /workspaces/{id}/relationships/tag-bindings": (*call).listBindings,
		"GET /workspaces/{id}/effective-tag-bindings":     (*call).listEffectiveBindings,
		"GET /workspaces/{id}/vars":                       (*call).listVariables,
		"GET /workspaces/{id}/resources":                  (*call).listResources,

		"GET /workspaces/{id}/configuration-versions":         (*call).listConfigs,
		"POST /workspaces/{id}/configuration-versions":        (*call).createConfig,
		"GET /configuration-versions/{id}":                    (*call).readConfig,
		"GET /configuration-versions/{id}/ingress-attributes": (*call).readIngress,
		"GET /configuration-versions/{id}/download":           (*call).downloadConfig,

		"POST /runs":                           (*call).createRun,
		"GET /runs/{id}":                       (*call).readRun,
		"GET /workspaces/{id}/runs":            (*call).listRuns,
		"GET /organizations/{org}/runs":        (*call).listOrganizationRuns,
		"POST /runs/{id}/actions/apply":        act(confirmable, "applied"),
		"POST /runs/{id}/actions/discard":      act(discardable, "discarded"),
		"POST /runs/{id}/actions/cancel":       act(cancelable, "canceled"),
		"POST /runs/{id}/actions/force-cancel": act(cancelable, "force_canceled"),
		"GET /applies/{id}":                    (*call).readApply,

		"POST /queries":                     (*call).createQuery,
		"GET /queries/{id}":                 (*call).readQuery,
		"GET /workspaces/{id}/queries":      (*call).listQueries,
		"POST /queries/{id}/actions/cancel": (*call).cancelQuery,

		"GET /plans/{id}":                           (*call).readPlan,
		"GET /plans/{id}/json-output":               (*call).readPlanJSON,
		"GET /plans/{id}/json-output-redacted":      (*call).readRedactedPlan,
		"GET /runs/{run}/plan":                      (*call).readPlan,
		"GET /runs/{run}/plan/json-output":          (*call).readPlanJSON,
		"GET /runs/{run}/plan/json-output-redacted": (*call).readRedactedPlan,

		"GET /runs/{id}/policy-checks":                     (*call).listPolicyChecks,
		"GET /policy-checks/{id}":                          (*call).readPolicyCheck,
		"GET /policy-checks/{id}/output":                   (*call).readPolicyOutput,
		"GET /runs/{id}/task-stages":                       (*call).listTaskStages,
		"GET /task-stages/{id}":                            (*call).readTaskStage,
		"GET /task-results/{id}":                           (*call).readTaskResult,
		"GET /task-stages/{id}/policy-evaluations":         (*call).listEvaluations,
		"GET /policy-evaluations/{id}":                     (*call).readEvaluation,
		"GET /policy-evaluations/{id}/policy-set-outcomes": (*call).listOutcomes,
		"GET /policy-set-outcomes/{id}":                    (*call).readOutcome,
		"GET /cost-estimates/{id}":                         (*call).readCost,

		"GET /state-versions":                                (*call).listStates,
		"GET /state-versions/{id}":                           (*call).readState,
		"GET /state-versions/{id}/outputs":                   (*call).listStateOutputs,
		"GET /workspaces/{id}/current-state-version":         (*call).readCurrentState,
		"GET /workspaces/{id}/current-state-version-outputs": (*call).listCurrentOutputs,
		"POST /workspaces/{id}/state-versions":               (*call).createState,

		"GET /workspaces/{id}/current-assessment-result": (*call).readCurrentAssessment,
		"POST /workspaces/{id}/actions/assess":           (*call).assess,
		"GET /assessment-results/{id}":                   (*call).readAssessment,
		"GET /assessment-results/{id}/json-output":       assessmentFile("application/json", func(a *Assessment) []byte { return a.PlanJSON }),
		"GET /assessment-results/{id}/json-schema":       assessmentFile("application/json", func(*Assessment) []byte { return []byte(`{"format_version":"1.0"}`) }),
		"GET /assessment-results/{id}/sanitized-plan":    (*call).readSanitizedPlan,
		"GET /assessment-results/{id}/log-output":        assessmentFile("text/plain", func(a *Assessment) []byte { return a.Log }),
	} {
		mux.HandleFunc(under("/api/v2", pattern), s.api(h))
	}
	mux.HandleFunc("GET /api/state-versions/{id}/hosted_state", s.api((*call).downloadState))
	mux.HandleFunc("/_archivist/v1/object/{key}", s.serveArchive)
	mux.HandleFunc("/", s.api(func(*call) (answer, error) { return answer{}, errNotFound }))
	return mux
}

// under puts a prefix before the path of a "METHOD /path" pattern.
func under(prefix, pattern string) string {
	for i := range pattern {
		if pattern[i] == ' ' {
			return pattern[:i+1] + prefix + pattern[i+1:]
		}
	}
	return prefix + pattern
}
