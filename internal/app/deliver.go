package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/html"
	"github.com/strandline-tf/strandline/internal/render/jsonout"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/render/sarif"
	"github.com/strandline-tf/strandline/internal/render/text"
	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/sink/actions"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// posted is where a report stands on GitHub; "" for what there is not.
type posted struct{ comment, issue string }

// deliver renders the report and hands it to everybody who waits for it; post
// is what the command writes on GitHub. One that can't be reached does not
// keep the report from the others: their errors are returned together, at the
// end.
func (p *program) deliver(ctx context.Context, cfg *config.Config, report *model.Report, post func(context.Context) (posted, error)) error {
	var errs []error
	try := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if cfg.GitHub.Actions {
		try(p.actions(cfg).Mask(p.secrets.Masks()...)) // before anything of the report is printed
	}
	try(p.print(cfg, report))
	for _, w := range cfg.Writes {
		if w.Format != config.FormatShard { // written before the report was finished
			try(p.write(cfg, report, w))
		}
	}
	ctx, stop := outlive(ctx, afterInterrupt) // the report is complete: it gets where it belongs
	defer stop()
	at, err := post(ctx)
	try(err)
	if cfg.GitHub.Actions {
		try(p.tellRunner(cfg, report, at))
	}
	return errors.Join(errs...)
}

// print writes the report to standard output.
func (p *program) print(cfg *config.Config, report *model.Report) error {
	o := render.Options{Width: cfg.Columns}
	if f, ok := p.stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		o.Color = !cfg.NoColor
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && o.Width == 0 {
			o.Width = width
		}
	}
	if err := renderTo(p.report(cfg), cfg, cfg.Format, report, o); err != nil {
		return userfault.Wrap(err, "", "the report could not be written to standard output")
	}
	return nil
}

// report is where the report is printed: standard output, which in a workflow
// is read for commands as all of the log is, unless it goes to a file.
func (p *program) report(cfg *config.Config) io.Writer {
	if !cfg.GitHub.Actions || isRegular(p.stdout) {
		return p.stdout
	}
	if cfg.Format == config.FormatJSON || cfg.Format == config.FormatSARIF {
		return actions.NewJSONWriter(p.stdout)
	}
	return actions.NewLogWriter(p.stdout)
}

func isRegular(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

func (p *program) write(cfg *config.Config, report *model.Report, w config.Write) error {
	return sink.WriteFile(cfg.Resolve(w.Path), func(out io.Writer) error {
		return renderTo(out, cfg, w.Format, report, render.Options{})
	})
}

// renderTo is the table of formats.
func renderTo(w io.Writer, cfg *config.Config, format string, report *model.Report, o render.Options) error {
	switch format {
	case config.FormatJSON:
		return jsonout.Write(w, report)
	case config.FormatHTML:
		return html.Write(w, report, o)
	case config.FormatSARIF:
		files, err := checkout.Open(cfg.Dir)
		if err != nil {
			return err
		}
		return sarif.Write(w, report, files)
	case config.FormatMarkdown:
		_, err := io.WriteString(w, markdown.Summary(report, o))
		return err
	default:
		return text.Write(w, report, o)
	}
}

// digest names a report by its content, whenever it was made.
func digest(report *model.Report) (string, error) {
	timeless := *report
	timeless.GeneratedAt = ""
	h := sha256.New()
	if err := jsonout.Write(h, &timeless); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}
