package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderhtml "github.com/yuin/goldmark/renderer/html"
)

// exitsCommand is `exits CODE PROGRAM ARG...`: exec with an exit code.
// `exits CODE` is the same for the program in the background that was started
// before await, after wait.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: exits CODE [PROGRAM ARG...]")
	}
	code := 0
	if len(args) == 1 {
		process := ts.Value(worldKey{}).(*world).awaited
		if process == nil || process.ProcessState == nil {
			ts.Fatalf("no program that was awaited has ended")
		}
		code = process.ProcessState.ExitCode()
	} else {
		var failed *exec.ExitError
		err := ts.Exec(args[1], args[2:]...)
		if errors.As(err, &failed) {
			code = failed.ExitCode()
		} else {
			ts.Check(err)
		}
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// commentsCommand is `comments [AUTHOR:EDITS...]`: the comments of the pull
// request, in order. Their bodies become the files comment1, comment2, …
func commentsCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	var got []string
	for i, c := range w.repo.Comments(w.pull.Number) {
		got = append(got, fmt.Sprintf("%s:%d", c.Author, c.Edits))
		ts.Check(os.WriteFile(filepath.Join(w.dir, fmt.Sprintf("comment%d", i+1)), []byte(c.Body), 0o644))
	}
	if strings.Join(got, " ") == strings.Join(args, " ") == neg {
		ts.Fatalf("comments: %v", got)
	}
}

// writesCommand is `writes N`: so many requests asked GitHub for a change.
func writesCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: writes N")
	}
	writes := ts.Value(worldKey{}).(*world).hub.Writes()
	if strconv.Itoa(len(writes)) != args[0] {
		ts.Fatalf("%d writes: %+v", len(writes), writes)
	}
}

// requestsCommand is `requests SERVER MIN-MAX [REGEXP]`: so many requests, by
// METHOD PATH, have come to github or to a Terraform Cloud.
func requestsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: requests SERVER MIN-MAX [REGEXP]")
	}
	w := ts.Value(worldKey{}).(*world)
	var lines []string
	if args[0] == "github" {
		for _, r := range w.hub.Requests() {
			lines = append(lines, r.Method+" "+r.Path)
		}
	} else {
		for _, r := range w.clouds[args[0]].Requests() {
			lines = append(lines, r.Method+" "+r.Path)
		}
	}
	pattern := regexp.MustCompile(strings.Join(args[2:], ""))
	count := 0
	for _, l := range lines {
		if pattern.MatchString(l) {
			count++
		}
	}
	low, high, _ := strings.Cut(args[1], "-")
	least, err := strconv.Atoi(low)
	ts.Check(err)
	most, err := strconv.Atoi(high)
	ts.Check(err)
	if count < least || count > most {
		ts.Fatalf("%d requests, want %d to %d:\n%s", count, least, most, strings.Join(lines, "\n"))
	}
}

// forgetCommand is `forget`: requests are counted anew.
func forgetCommand(ts *testscript.TestScript, _ bool, _ []string) {
	w := ts.Value(worldKey{}).(*world)
	w.mu.Lock()
	w.log = nil
	w.mu.Unlock()
	w.hub.ResetRequests()
	for _, c := range w.clouds {
		c.ForgetRequests()
	}
}

// jsonCommand is `json FILE PATH WANT`: the value at a path such as
// workspaces.0.status, where length is that of a list. With !, it is another
// or isn't there.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var at any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &at))
	for step := range strings.SplitSeq(args[1], ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			switch {
			case step == "length":
				at = len(v)
			case err == nil && i < len(v):
				at = v[i]
			default:
				at = nil
			}
		default:
			at = nil
		}
	}
	if got := fmt.Sprint(at); (got == args[2]) == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

// withheldCommand is `withheld TEXT...`: none of these is in what the program
// printed last (but in add-mask commands), in what the runner was handed, in
// the files below out, in an issue, a pull request or a comment.
func withheldCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	masks := regexp.MustCompile(`(?m)^::add-mask::.*\n?`)
	texts := map[string]string{"stdout": ts.ReadFile("stdout"), "stderr": masks.ReplaceAllString(ts.ReadFile("stderr"), "")}
	for number := 1; w.repo.Issue(number).Title != ""; number++ { // pull requests are issues, too
		texts[fmt.Sprintf("issue %d", number)] = w.repo.Issue(number).Title + w.repo.Issue(number).Body
		for i, c := range w.repo.Comments(number) {
			texts[fmt.Sprintf("comment %d of %d", i+1, number)] = c.Body
		}
	}
	for _, dir := range []string{"runner", "out"} {
		err := filepath.WalkDir(filepath.Join(w.dir, dir), func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				var data []byte
				data, err = os.ReadFile(path)
				texts[path] = string(data)
			}
			return err
		})
		if !errors.Is(err, fs.ErrNotExist) {
			ts.Check(err)
		}
	}
	for _, secret := range args {
		for where, text := range texts {
			if strings.Contains(text, secret) {
				ts.Fatalf("%s holds %q:\n%s", where, secret, text)
			}
		}
	}
	if neg || len(args) == 0 {
		ts.Fatalf("usage: withheld TEXT...")
	}
}

// incodeCommand is `incode FILE TEXT...`: the Markdown file has each TEXT, and in
// code only, where GitHub makes nothing of it.
func incodeCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: incode FILE TEXT...")
	}
	source := []byte(ts.ReadFile(args[0]))
	var html strings.Builder
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(renderhtml.WithUnsafe()))
	ts.Check(md.Convert(source, &html))
	outside := regexp.MustCompile(`(?s)<code.*?</code>`).ReplaceAllString(html.String(), "")
	for _, text := range args[1:] {
		if !strings.Contains(string(source), text) || strings.Contains(outside, text) {
			ts.Fatalf("%s: not there, or not in code only:\n%s", text, outside)
		}
	}
}

// awaitCommand is `await N REGEXP`: waits until so many requests have come, by
// METHOD PATH, to any server.
func awaitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await N REGEXP")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	pattern := regexp.MustCompile(args[1])
	w := ts.Value(worldKey{}).(*world)
	if started := ts.BackgroundCmds(); len(started) > 0 {
		w.awaited = started[len(started)-1]
	}
	late := time.AfterFunc(10*time.Second, func() { w.mu.Lock(); defer w.mu.Unlock(); want = 0; w.seen.Broadcast() })
	defer late.Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		count := 0
		for _, line := range w.log {
			if pattern.MatchString(line) {
				count++
			}
		}
		if want == 0 {
			ts.Fatalf("waited 10 s in vain; requests:\n%s", strings.Join(w.log, "\n"))
		}
		if count >= want {
			return
		}
		w.seen.Wait()
	}
}
