package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

//go:embed demo/*.json demo/*.log
var demoFiles embed.FS

// Names and tokens of the demo's world, which exists in memory only.
const (
	demoRepository = "acme/infrastructure"
	demoOrg        = "acme"
	demoCloudToken = "demo-terraform-cloud"
	demoHubToken   = "demo-github"
)

func (p *program) demoCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show a pull request's comment, nightly issues and an adoption, without an account or a network",
		Long: "Starts stand-ins for Terraform Cloud and GitHub in memory, opens a pull request with three\n" +
			"workspaces, runs `strandline plan` against them, `strandline drift` and `strandline unmanaged` as a\n" +
			"schedule would, and `strandline adopt`, prints the reports, and writes the comment and the issues as\n" +
			"their readers would see them to an HTML file. Nothing is left running.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.demo(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "HTML `file` to write the comment and the issues to (default strandline-demo.html in the folder for temporary files)")
	return cmd
}

// demo runs the real pipeline against the stand-ins.
func (p *program) demo(ctx context.Context, out string) error {
	if out == "" {
		out = filepath.Join(os.TempDir(), "strandline-demo.html")
	}
	cloud := tfc.New(tfc.Options{})
	defer cloud.Close()
	cloud.AddToken(tfc.Token{Secret: demoCloudToken})
	hub := github.New(github.Options{})
	hub.Token(demoHubToken, github.Identity{App: github.ActionsApp})
	cloudURL, stopCloud, err := serve(cloud)
	if err != nil {
		return err
	}
	defer stopCloud()
	hubURL, stopHub, err := serve(hub)
	if err != nil {
		return err
	}
	defer stopHub()

	pr, err := demoPullRequest(hub.Repo(demoRepository), cloud.Org(demoOrg), cloudURL, p.clock.Now())
	if err != nil {
		return err
	}
	repo := hub.Repo(demoRepository)
	env := demoEnvironment(p.environ, cloudURL, hubURL)
	if err := p.demoRun(ctx, env, "plan", "--pr", fmt.Sprint(pr.Number)); err != nil {
		return err
	}
	fmt.Fprint(p.stdout, "\nAt night, what changed behind Terraform's back:\n\n")
	if err := demoDrift(cloud.Org(demoOrg), p.clock.Now()); err != nil {
		return err
	}
	if err := p.demoRun(ctx, env, "drift", "--org", demoOrg); err != nil {
		return err
	}
	if err := p.demoAdopt(ctx, env, cloud); err != nil {
		return err
	}
	comments, issues := repo.Comments(pr.Number), repo.Issues()
	if len(comments) != 1 || len(issues) != 2 {
		return userfault.New(demoDefect, "the demo ended with %d comments and %d issues", len(comments), len(issues))
	}
	err = sink.WriteFile(out, func(w io.Writer) error {
		return demoPage(w, []demoPost{
			{Author: comments[0].Author, What: "commented on the pull request", Markdown: comments[0].Body},
			{Author: issues[0].Author, What: "opened the issue", Title: issues[0].Title, Markdown: issues[0].Body},
			{Author: issues[1].Author, What: "opened the issue", Title: issues[1].Title, Markdown: issues[1].Body}})
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "\nThe comment on the pull request and the issues, as their readers see them: %s\n", out)
	return err
}

const demoDefect = "this is a defect of strandline: please report it"

// demoRun runs a command as a person would who posts what it has to say.
func (p *program) demoRun(ctx context.Context, env []string, command string, args ...string) error {
	var errs strings.Builder
	code := MainAt(ctx, p.clock, append([]string{command, "--post", "always", "--repo", demoRepository}, args...), env, strings.NewReader(""), p.stdout, &errs)
	if code != userfault.CodeComplete {
		return userfault.New(demoDefect, "`strandline %s` ended with code %d: %s", command, code, oneLine(errs.String()))
	}
	return nil
}

// demoDrift has the night's health assessments find something.
func demoDrift(org *tfc.Org, now time.Time) error {
	const state = `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"demo","outputs":{},` +
		`"resources":[{"mode":"managed","type":"aws_route53_zone","name":"main","provider":"aws","instances":[{}]}]}`
	plan, err := demoFiles.ReadFile("demo/dns-drift.json")
	if err != nil {
		return err
	}
	for _, name := range []string{"net-prod", "dns", "apps-prod"} {
		w := org.Workspace(name)
		if _, err := w.SetState([]byte(state)); err != nil {
			return err
		}
		a := tfc.Assessment{Undrifted: 1, CreatedAt: now.Add(-time.Hour)}
		if name == "dns" {
			a.Drifted, a.PlanJSON = 2, plan
		}
		w.Assess(a)
	}
	return nil
}

// demoEnvironment is the environment that the demo's run sees: nothing of the
// caller's but what concerns the terminal, so that no real token is used.
func demoEnvironment(environ []string, cloudURL, hubURL string) []string {
	env := []string{"TFE_ADDRESS=" + cloudURL, "TFE_TOKEN=" + demoCloudToken, "GITHUB_API_URL=" + hubURL, "GITHUB_TOKEN=" + demoHubToken}
	for _, entry := range environ {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "NO_COLOR", "COLUMNS", "SOURCE_DATE_EPOCH":
			env = append(env, entry)
		}
	}
	return env
}

// demoPullRequest opens the pull request and has its workspaces planned.
func demoPullRequest(repo *github.Repo, org *tfc.Org, cloudURL string, now time.Time) (*github.PullRequest, error) {
	pr := repo.PullRequest(github.PR{Title: "Retire the legacy database", Branch: "retire-legacy"})
	for _, w := range []struct{ name, plan, log, status string }{
		{"net-prod", "net-prod.json", "", "planned_and_finished"},
		{"dns", "dns.json", "", "planned_and_finished"},
		{"apps-prod", "", "apps-prod.log", "errored"},
	} {
		spec := tfc.RunSpec{Commit: pr.Head(), PullRequest: pr.Number, PlanOnly: true, Status: w.status,
			CreatedAt: now.Add(-time.Minute), TerraformVersion: "1.11.4"}
		var err error
		if w.plan != "" {
			spec.PlanJSON, err = demoFiles.ReadFile("demo/" + w.plan)
		}
		if w.log != "" {
			var log []byte
			log, err = demoFiles.ReadFile("demo/" + w.log)
			spec.Log, spec.NoPlanJSON = string(log), true
		}
		if err != nil {
			return nil, err
		}
		if w.name == "net-prod" {
			spec.Cost = &tfc.CostEstimate{Prior: "412.30", Proposed: "238.10", Delta: "-174.20"}
			spec.Stages = []tfc.TaskStage{{Status: "passed", Evaluations: []tfc.PolicyEvaluation{{Sets: []tfc.PolicySet{{Name: "network",
				Policies: []tfc.Policy{{Name: "no-public-ssh", Level: "advisory", Status: "failed", Output: []string{"aws_security_group.edge opens port 22 to 0.0.0.0/0"}}}}}}}}}
		}
		run := org.Workspace(w.name, tfc.InProject("core"), tfc.Repository(demoRepository)).Run(spec)
		repo.AddStatus(pr.Head(), github.Status{State: "success", Context: "Terraform Cloud/" + demoOrg + "/" + w.name, TargetURL: cloudURL + run.Path()})
	}
	return pr, nil
}

// serve serves h on a free port of this machine until stop is called.
func serve(h http.Handler) (address string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, userfault.Wrap(err, "the demo needs a free port on 127.0.0.1", "a stand-in can't be started")
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // a listener of our own that fails is a defect
		}
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-done
	}, nil
}
