package app

import (
	"context"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
)

func (p *program) prove(ctx context.Context, cfg *config.Config, c *comparison, b *propose.Batch, folder string, report *model.Report) *model.Workspace {
	w := c.workspace(b.Workspace)
	s := model.Suggestion{Kind: "import", Workspace: b.Workspace, Verified: "unverified", Why: "not proven: --verify has it planned"}
	s.Files = b.Files()
	w.Suggestions = []model.Suggestion{s}
	return w
}
