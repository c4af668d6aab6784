package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// checkrunsCommand is `checkruns [NAME:CONCLUSION:N:TITLE...]`: these are the
// check runs on the head, in order, each with N annotations.
func checkrunsCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	var got []string
	for _, k := range w.repo.CheckRuns(w.head()) {
		got = append(got, fmt.Sprintf("%s:%s:%d:%s", k.Name, k.Conclusion, len(k.Annotations), k.Title))
	}
	if slices.Equal(got, args) == neg {
		ts.Fatalf("check runs: %q", got)
	}
}

// checklinesCommand is `checklines [PATH:LINE LEVEL TITLE MESSAGE...]`: these are
// the annotations of the head's check runs.
func checklinesCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	var got []string
	for _, k := range w.repo.CheckRuns(w.head()) {
		for _, a := range k.Annotations {
			got = append(got, fmt.Sprintf("%s:%d %s %s %s", a.Path, a.StartLine, a.Level, *a.Title, a.Message))
		}
	}
	if slices.Equal(got, args) == neg {
		ts.Fatalf("annotations:\n%s", strings.Join(got, "\n"))
	}
}

// labelsCommand is `labels [NAME...]`: these are the labels of the pull
// request, sorted.
func labelsCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	got := w.repo.Labels(w.pull.Number)
	slices.Sort(got)
	if slices.Equal(got, args) == neg {
		ts.Fatalf("labels: %s", strings.Join(got, ", "))
	}
}
