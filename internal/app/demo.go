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
		Short: "Show a pull request's comment, without an account or a network",
		Long: "Starts stand-ins for Terraform Cloud and GitHub in memory, opens a pull request with three\n" +
			"workspaces, runs `strandline plan` against them, prints the report, and writes the comment as its\n" +
			"reader would see it to an HTML file. Nothing is left running.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.demo(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "HTML `file` to write the comment to (default strandline-demo.html in the folder for temporary files)")
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
	var errs strings.Builder
	code := MainAt(ctx, p.clock, []string{"plan", "--post", "always", "--repo", demoRepository, "--pr", fmt.Sprint(pr.Number)},
		demoEnvironment(p.environ, cloudURL, hubURL), strings.NewReader(""), p.stdout, &errs)
	comments := hub.Repo(demoRepository).Comments(pr.Number)
	if code != userfault.CodeComplete || len(comments) != 1 {
		return userfault.New("this is a defect of strandline: please report it",
			"the demo ended with code %d and %d comments: %s", code, len(comments), oneLine(errs.String()))
	}
	err = sink.WriteFile(out, func(w io.Writer) error { return demoPage(w, comments[0].Author, comments[0].Body) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "\nThe comment on the pull request, as its reader sees it: %s\n", out)
	return err
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
