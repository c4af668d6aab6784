package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/sink/github"
)

// Limits of what a check run says on lines; its summary says the rest.
const (
	maxLines   = 200  // annotations: four requests
	maxMessage = 4000 // bytes of one; GitHub takes 64 KB
)

// checkLines names what a reviewer must not miss on the lines of the .tf files
// where it comes from. There is none where nothing is checked out, and mostly
// none for what is destroyed: it has gone from the files.
func (p *program) checkLines(cfg *config.Config, report *model.Report) []github.Annotation {
	files, err := checkout.Open(cfg.Dir)
	if err != nil {
		p.log.Warn("no annotations on the check run", "why", err)
		return nil
	}
	var out []github.Annotation
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		for _, r := range remarksOn(w) {
			file, line, ok := r.place(files)
			if !ok {
				continue
			}
			message := render.Visible(p.secrets.Text(joinWords(w.Name, joinWords(r.address, r.message))))
			message = strings.ToValidUTF8(message[:min(len(message), maxMessage)], "")
			out = append(out, github.Annotation{Path: file, Line: line, Level: r.level, Title: r.title, Message: message})
		}
	}
	slices.SortStableFunc(out, func(a, b github.Annotation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return out[:min(len(out), maxLines)]
}

// remark is something to say on a line.
type remark struct {
	level            github.AnnotationLevel
	title            string
	address, message string
	file             string // as Terraform named it, with line; "": the address tells
	line             int
}

// place returns where in the repository the remark belongs.
func (r *remark) place(files *checkout.Index) (file string, line int, ok bool) {
	if r.file != "" && r.line > 0 {
		file, ok = files.File(r.file)
		return file, r.line, ok
	}
	return files.Locate(r.address)
}

func remarksOn(w *model.Workspace) []remark {
	var out []remark
	for i := range w.Changes {
		c := &w.Changes[i]
		r := remark{level: github.WarningLevel, address: c.Address, message: c.ReasonText}
		switch c.Action {
		case model.ActionDelete:
			r.title = "Destroys"
		case model.ActionReplace, model.ActionReplaceForget:
			r.title = "Replaces"
		default:
			continue
		}
		out = append(out, r)
	}
	for _, k := range w.Risks {
		out = append(out, remark{level: github.WarningLevel, title: "Look closer", address: k.Address, message: k.Message})
	}
	for i := range w.Checks {
		if c := &w.Checks[i]; c.Failed() {
			out = append(out, remark{level: github.WarningLevel, title: "Check failed", address: c.Address, message: strings.Join(c.Problems, "; ")})
		}
	}
	for _, d := range w.Diagnostics {
		r := remark{level: github.WarningLevel, title: "Terraform warning", address: d.Address, message: d.Summary, file: d.File, line: d.Line}
		if d.Severity == "error" {
			r.level, r.title = github.FailureLevel, "Terraform error"
		}
		out = append(out, r)
	}
	return out
}
