package actions

import (
	"fmt"
	"strconv"

	"github.com/sethvargo/go-githubactions"
)

// AnnotationLimit is how many annotations of one level GitHub shows a step:
// "limited to 10 warning annotations and 10 error annotations per step",
// https://docs.github.com/en/rest/checks/runs#create-a-check-run; notices alike.
const AnnotationLimit = 10

// Level is how an annotation is shown.
type Level string

// The levels of annotations.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelNotice  Level = "notice"
)

// Annotation is a remark on the workflow run's page and, with a File, beside
// the changed lines of the pull request.
type Annotation struct {
	Level   Level
	Title   string // "" for GitHub's own
	Message string
	File    string // relative to the repository's root; "" where there is none
	Line    int    // from 1; 0 where there is none
}

// Annotate makes annotations. Of more than AnnotationLimit of one level the
// last one shown counts the rest.
func (a *Actions) Annotate(annotations []Annotation) error {
	return try(func() {
		for _, level := range []Level{LevelError, LevelWarning, LevelNotice} {
			for _, annotation := range shown(annotations, level) {
				a.annotate(annotation)
			}
		}
	})
}

// shown returns the annotations of one level, shortened to what GitHub shows.
func shown(annotations []Annotation, level Level) []Annotation {
	var out []Annotation
	for _, annotation := range annotations {
		if annotation.Level == level {
			out = append(out, annotation)
		}
	}
	if len(out) <= AnnotationLimit {
		return out
	}
	rest := len(out) - (AnnotationLimit - 1)
	return append(out[:AnnotationLimit-1], Annotation{
		Level:   level,
		Message: fmt.Sprintf("and %d more of this kind: see the report in the job summary", rest),
	})
}

func (a *Actions) annotate(annotation Annotation) {
	fields := githubactions.CommandProperties{}
	if annotation.Title != "" {
		fields["title"] = annotation.Title
	}
	if annotation.File != "" {
		fields["file"] = annotation.File
		if annotation.Line > 0 {
			fields["line"] = strconv.Itoa(annotation.Line)
		}
	}
	a.action.IssueCommand(&githubactions.Command{
		Name: string(annotation.Level), Message: annotation.Message, Properties: fields})
}
