package tfc

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// configVersion is a configuration version: an uploaded tar.gz, or what came from a
// VCS commit.
type configVersion struct {
	ws        *Workspace
	id        string
	attrs     configAttributes
	status    string
	problem   string
	body      []byte
	uploadURL string
	ingress   *ingress
}

type configAttributes struct{ autoQueue, speculative, provisional bool }

func (w *Workspace) configuration(a configAttributes) *configVersion {
	v := &configVersion{ws: w, id: w.org.s.newID("cv"), attrs: a, status: "pending"}
	w.configs = append(w.configs, v)
	w.org.s.add(v)
	return v
}

func (v *configVersion) key() string       { return v.id }
func (v *configVersion) scope() *Workspace { return v.ws }

func (v *configVersion) show(*call) resource {
	source := "tfe-api"
	if v.ingress != nil {
		source = "github"
	}
	out := resource{
		ID: v.id, Type: "configuration-versions",
		Attributes: attrs{
			"auto-queue-runs": v.attrs.autoQueue, "speculative": v.attrs.speculative, "provisional": v.attrs.provisional,
			"error": nil, "error-message": textOrNil(v.problem), "source": source, "status": v.status,
			"status-timestamps": attrs{}, "upload-url": nil,
		},
		Relationships: attrs{"ingress-attributes": one("ingress-attributes", keyOf(v.ingress))},
		Links:         attrs{"self": "/api/v2/configuration-versions/" + v.id, "download": "/api/v2/configuration-versions/" + v.id + "/download"},
	}
	if v.status == "pending" { // later, the URL is no longer given out
		out.Attributes["upload-url"] = textOrNil(v.uploadURL)
	}
	return out
}

// ingress is what is known of the commit that a configuration came from.
type ingress struct {
	config                  *configVersion
	commit, branch, message string
	pull                    int
}

func (i *ingress) key() string       { return "ia-" + i.config.id }
func (i *ingress) scope() *Workspace { return i.config.ws }

func (i *ingress) show(*call) resource {
	repo := i.config.ws.repository
	if repo == "" {
		repo = "example/infrastructure"
	}
	web := "https://github.com/" + repo
	a := attrs{
		"branch": i.branch, "clone-url": web + ".git", "commit-message": i.message, "commit-sha": i.commit,
		"commit-url": web + "/commit/" + i.commit, "compare-url": web, "identifier": repo,
		"is-pull-request": i.pull > 0, "on-default-branch": i.pull == 0, "tag": nil, "sender-username": "octocat",
		"sender-avatar-url": "https://avatars.githubusercontent.com/u/583231", "sender-html-url": "https://github.com/octocat",
	}
	if i.pull > 0 {
		a["pull-request-number"], a["pull-request-url"] = i.pull, web+"/pull/"+strconv.Itoa(i.pull)
		a["pull-request-title"], a["pull-request-body"] = i.message, ""
	}
	return resource{
		ID: i.key(), Type: "ingress-attributes", Attributes: a,
		Relationships: attrs{"created-by": one("users", creator)},
		Links:         attrs{"self": "/api/v2/ingress-attributes/" + i.key()},
	}
}

func (c *call) createConfig() (answer, error) {
	w, err := c.workspace()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	var body struct {
		Data struct {
			Attributes struct {
				AutoQueue   *bool `json:"auto-queue-runs"`
				Speculative bool  `json:"speculative"`
				Provisional bool  `json:"provisional"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := json.NewDecoder(c.r.Body).Decode(&body); err != nil {
		return answer{}, invalid("malformed body: %v", err)
	}
	a := body.Data.Attributes
	v := w.configuration(configAttributes{
		autoQueue: a.AutoQueue == nil || *a.AutoQueue, speculative: a.Speculative, provisional: a.Provisional,
	})
	v.uploadURL = c.archiveURL(&object{write: v.upload})
	return c.single(http.StatusCreated, v)
}

// upload takes the tar.gz; with auto-queue-runs it also starts a run.
func (v *configVersion) upload(body []byte) {
	if err := checkTarball(body); err != nil {
		v.status, v.problem = "errored", err.Error()
		return
	}
	v.body, v.status = body, "uploaded"
	if v.attrs.autoQueue {
		r := v.ws.newRun(RunSpec{PlanOnly: v.attrs.speculative}, v)
		v.ws.org.s.start(r)
	}
}

func (c *call) config() (*configVersion, error) {
	return find[*configVersion](c, c.r.PathValue("id"))
}

func (c *call) readConfig() (answer, error) {
	v, err := c.config()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, v)
}

func (c *call) listConfigs() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	return list(c, newestFirst(w.configs), true)
}

func (c *call) readIngress() (answer, error) {
	v, err := c.config()
	if err != nil {
		return answer{}, err
	}
	if v.ingress == nil {
		return answer{}, errNotFound
	}
	return c.single(http.StatusOK, v.ingress)
}

func (c *call) downloadConfig() (answer, error) {
	v, err := c.config()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	if v.body == nil {
		return answer{}, errNotFound
	}
	return answer{status: http.StatusOK, contentType: "application/octet-stream", body: v.body}, nil
}
