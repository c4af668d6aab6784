package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	gogithub "github.com/google/go-github/v60/github"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/sink/github"
)

// Whatever happens, in whatever order, there is one issue in the end, it says
// what the newest run found, and no line of a person's is lost.
func TestIssueWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorldUntil(t, rt.Cleanup)
		var human []string
		var last github.Issue
		run, broken := 1, 0
		w.server.Fail(func(r *http.Request) (int, string, bool) {
			if broken == 0 || r.Method == http.MethodGet || !strings.HasSuffix(r.Header.Get("Authorization"), workflowToken) {
				return 0, "", false
			}
			broken--
			return http.StatusBadGateway, `{"message":"Server Error"}`, true
		})
		concurrently, nested := "", false
		w.server.Before(func(r *http.Request) {
			if concurrently == "" || nested || r.Method != http.MethodPost || kind(r.URL.Path) != "issues" {
				return
			}
			nested = true
			i := issue(fmt.Sprintf("%d.1", run-1), concurrently)
			if _, err := w.client(workflowToken).KeepIssue(t.Context(), i, nil); err != nil {
				rt.Logf("the concurrent run: %v", err)
			}
			nested, concurrently = false, ""
		})
		report := func(digest string) {
			run += 2
			last = issue(fmt.Sprintf("%d.1", run), digest)
			last.Comment = "comment of " + last.Run
			ctx := t.Context()
			if rapid.Bool().Draw(rt, "old standing") {
				s, _ := w.client(workflowToken).find("drift")
				if at := own(w); at != 0 && rapid.Bool().Draw(rt, "edited since") {
					human = append(human, w.humanLine(at, len(human)))
				}
				_, err := w.client(workflowToken).KeepIssue(ctx, last, s)
				rt.Logf("run %s %s: %v", last.Run, digest, err)
				return
			}
			_, err := w.client(workflowToken).KeepIssue(ctx, last, nil)
			rt.Logf("run %s %s: %v", last.Run, digest, err)
		}
		digests := rapid.SampledFrom([]string{"one", "two", "clear"})
		rt.Repeat(map[string]func(*rapid.T){
			"report":     func(rt *rapid.T) { report(digests.Draw(rt, "digest")) },
			"concurrent": func(rt *rapid.T) { concurrently = digests.Draw(rt, "theirs"); report(digests.Draw(rt, "digest")) },
			"failing":    func(rt *rapid.T) { broken = rapid.IntRange(1, 8).Draw(rt, "n"); report("two"); broken = 0 },
			"late": func(rt *rapid.T) {
				_, _ = w.client(workflowToken).KeepIssue(t.Context(), issue("1.1", "late"), nil)
			},
			"write": func(rt *rapid.T) {
				if at := own(w); at != 0 {
					human = append(human, w.humanLine(at, len(human)))
				}
			},
			"close": func(rt *rapid.T) {
				if at := own(w); at != 0 {
					w.person(at, gogithub.IssueRequest{State: gogithub.String("closed")})
				}
			},
			"damage": func(rt *rapid.T) {
				if at := own(w); at != 0 {
					from := rapid.Bool().Draw(rt, "begin")
					w.personWrites(at, func(body string) string {
						lines := strings.SplitAfter(body, "\n")
						i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "<!-- /strandline") })
						if from {
							i = slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "<!-- strandline") })
						}
						if i < 0 {
							return body
						}
						return strings.Join(slices.Delete(lines, i, i+1), "")
					})
				}
			},
		})
		report("one") // in peace
		var marked []string
		all := ""
		for _, i := range w.repo.Issues() {
			all += i.Body + "\n"
			if strings.Contains(i.Body, "<!-- strandline") {
				marked = append(marked, i.State+" "+i.Title)
				if !strings.Contains(i.Body, "digest=one ") || !strings.Contains(strings.ReplaceAll(i.Body, "\r", ""), "-->\nreport one\n<!-- /strandline") {
					rt.Errorf("the issue says %q", i.Body)
				}
			}
		}
		if !slices.Equal(marked, []string{"open Drift: one"}) {
			rt.Errorf("issues: %q", marked)
		}
		for _, line := range human {
			if strings.Count("\n"+strings.ReplaceAll(all, "\r", ""), "\n"+line+"\n") != 1 {
				rt.Errorf("%q is lost or doubled", line)
			}
		}
		told := map[string]bool{}
		for _, i := range w.repo.Issues() {
			for _, c := range w.repo.Comments(i.Number) {
				_, text, _ := strings.Cut(c.Body, "\n")
				if told[text] {
					rt.Errorf("%q was posted twice", text)
				}
				told[text] = true
			}
		}
	})
}

// own is the number of the issue that carries the marker, 0 for none.
func own(w *world) int {
	for _, i := range w.repo.Issues() {
		if strings.Contains(i.Body, "strandline key=drift") {
			return i.Number
		}
	}
	return 0
}

// humanLine puts a line of a person's above or below the region.
func (w *world) humanLine(number, n int) string {
	line := fmt.Sprintf("human %d of %d", n, time.Now().UnixNano()%1000)
	w.personWrites(number, func(body string) string {
		if n%2 == 0 {
			return line + "\r\n" + strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\n", "\r\n")
		}
		return body + "\n" + line
	})
	return line
}
