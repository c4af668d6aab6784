//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// more are further flags of `strandline drift` under BenchmarkNightlyCheck.
var more = flag.String("drift-flags", "", "more flags for the `strandline drift` of BenchmarkNightlyCheck, such as '--parallel 8'")

// The organization that BenchmarkNightlyCheck checks: what is so of a workspace
// follows from its number.
const (
	organizationSize = 1000
	requestRate      = 30                     // a second
	answersIn        = 100 * time.Millisecond // as Terraform Cloud does
	slowAnswersIn    = 3 * time.Second
	runTakes         = 8 * time.Second
)

func isFailing(i int) bool  { return i%100 == 99 }              // 1%
func isSlow(i int) bool     { return i%50 == 24 }               // 2%
func needsRun(i int) bool   { return i%20 == 7 }                // 5% have no fresh assessment
func hasDrifted(i int) bool { return i%5 != 0 || isFailing(i) } // four of five

// A check of a whole organization takes as long as its requests do at the rate
// that Terraform Cloud allows, whatever fails or is slow in it:
//
//	go test -run '^$' -bench NightlyCheck -benchtime 1x ./cmd/strandline
//
// It runs the program as a process of its own in real time, fails where that
// takes more than 1.15 of what the requests need, and reports the peak of
// memory in MiB (of Linux; elsewhere getrusage has other units).
func BenchmarkNightlyCheck(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "strandline")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		checkOrganization(b, binary)
	}
}

func checkOrganization(b *testing.B, binary string) {
	cloud, failing := organization(b)
	api := httptest.NewServer(cloud)
	defer api.Close()
	cmd := exec.CommandContext(b.Context(), binary, append([]string{"drift", "--org", "acme", "--format", "json"}, strings.Fields(*more)...)...)
	cmd.Env = []string{"TFE_ADDRESS=" + api.URL, "TFE_TOKEN=" + cloudToken, "HOME=" + b.TempDir()}
	cmd.Dir = b.TempDir()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != 1 {
		b.Fatalf("%v, want exit code 1, for what failed:\n%.2000s", err, &stderr)
	}
	var report struct {
		Workspaces []struct {
			Name    string
			Checked bool
			Drift   []any
		}
		Problems []struct{ Workspace string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		b.Fatal(err)
	}
	listed := map[string]bool{}
	for _, p := range report.Problems {
		listed[p.Workspace] = true
	}
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		if w.Name != name(i) || w.Checked == failing[w.Name] || listed[w.Name] != failing[w.Name] {
			b.Errorf("workspace %s: checked %t, a problem %t", w.Name, w.Checked, listed[w.Name])
		}
		if want := hasDrifted(i) && !failing[w.Name]; (len(w.Drift) > 0) != want {
			b.Errorf("workspace %s: %d drifted, want drift: %t", w.Name, len(w.Drift), want)
		}
	}
	if len(report.Workspaces) != organizationSize || len(report.Problems) != len(failing) {
		b.Errorf("%d workspaces and %d problems", len(report.Workspaces), len(report.Problems))
	}
	requests := 0
	for _, r := range cloud.Requests() {
		if r.Status == http.StatusTooManyRequests {
			b.Errorf("over the limit: %s", r.Path)
		}
		if strings.HasPrefix(r.Path, "/api/") {
			requests++
		}
	}
	ideal := time.Duration(requests) * time.Second / requestRate
	ratio := took.Seconds() / ideal.Seconds()
	if ratio > 1.15 {
		b.Errorf("%d requests took %v, %.2f of %v", requests, took, ratio, ideal)
	}
	b.ReportMetric(float64(requests), "requests")
	b.ReportMetric(ratio, "of-ideal")
	b.ReportMetric(float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024, "MiB-peak")
}

func name(i int) string { return fmt.Sprintf("w%04d", i) }

// simulated is a Terraform Cloud that takes its time.
type simulated struct {
	*tfc.Server
	number map[string]int // of a workspace, by the id of it or of its assessment
}

// ServeHTTP counts a request against the limit when it comes, and takes its time
// to answer.
func (s *simulated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	s.Server.ServeHTTP(answer, r)
	time.Sleep(answersIn)
	for part := range strings.SplitSeq(r.URL.Path, "/") {
		if i, ok := s.number[part]; ok && isSlow(i) {
			time.Sleep(slowAnswersIn)
		}
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = answer.Body.WriteTo(w) // the program may have given up
}

// organization makes the workspaces and says which of them fail: their plan is
// refused, cut off or none, their assessment or their run failed, or somebody
// holds their lock.
func organization(b *testing.B) (*simulated, map[string]bool) {
	s := &simulated{tfc.New(tfc.Options{RateLimit: requestRate}), map[string]int{}}
	b.Cleanup(s.Close)
	s.AddToken(tfc.Token{Secret: cloudToken})
	failing, refused := map[string]bool{}, map[string]int{}
	org := s.Org("acme")
	plan := func(i int) []byte {
		if !hasDrifted(i) {
			return nil
		}
		return fmt.Appendf(nil, `{"format_version":"1.2","terraform_version":"1.11.4","resource_drift":[{"address":"shore_bucket.b%d","mode":"managed",`+
			`"type":"shore_bucket","name":"b%[1]d","provider_name":"p","change":{"actions":["update"],"before":{"name":"b","versioning":false},`+
			`"after":{"name":"b","versioning":true},"after_unknown":{},"before_sensitive":{},"after_sensitive":{}}}]}`, i)
	}
	for i := range organizationSize {
		failing[name(i)] = isFailing(i)
		var options []tfc.WorkspaceOption
		how := -1
		if isFailing(i) {
			how = i / 100 % 5
		}
		if how == 4 {
			options = append(options, tfc.Locked("maintenance"))
		}
		ws := org.Workspace(name(i), options...)
		s.number[ws.ID()] = i
		if _, err := ws.SetState([]byte(oneResource)); err != nil {
			b.Fatal(err)
		}
		ws.Run(tfc.RunSpec{Status: "applied", CreatedAt: time.Now().Add(-72 * time.Hour)})
		if needsRun(i) || how == 3 || how == 4 {
			continue
		}
		a := tfc.Assessment{CreatedAt: time.Now().Add(-time.Hour), PlanJSON: plan(i)}
		if a.PlanJSON != nil {
			a.Drifted = 1
		}
		switch how {
		case 1:
			a.PlanJSON = a.PlanJSON[:len(a.PlanJSON)/2]
		case 2:
			a.Failed, a.Error = true, "no valid credentials"
		}
		id := ws.Assess(a)
		s.number[id] = i
		if how == 0 {
			refused[id] = http.StatusInternalServerError
		}
	}
	for workspace, fails := range failing {
		if !fails {
			delete(failing, workspace)
		}
	}
	s.Fail(func(r *http.Request) (int, bool) {
		for part := range strings.SplitSeq(r.URL.Path, "/") {
			if status := refused[part]; status > 0 {
				return status, true
			}
		}
		return 0, false
	})
	s.Planner(func(r tfc.NewRun) tfc.RunSpec {
		var i int
		if _, err := fmt.Sscanf(r.Workspace, "w%d", &i); err != nil {
			return tfc.RunSpec{Status: "errored"}
		}
		last := tfc.Step{Status: "planned_and_finished", After: runTakes}
		if isFailing(i) {
			last.Status = "errored"
		}
		return tfc.RunSpec{Status: "planning", PlanJSON: plan(i), Script: []tfc.Step{last}}
	})
	return s, failing
}
