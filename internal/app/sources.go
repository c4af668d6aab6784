package app

import (
	"io"
	"os"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/fetch/inventory/aws"
	"github.com/strandline-tf/strandline/internal/fetch/inventory/file"
	"github.com/strandline-tf/strandline/internal/fetch/inventory/terraformer"
	"github.com/strandline-tf/strandline/internal/fetch/inventory/tfquery"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// sources makes the inventories that --inventory names. Some look at what c
// will know when they are asked.
func (p *program) sources(cfg *config.Config, here *place, c *comparison) ([]inventory.Source, error) {
	if len(cfg.Inventories) == 0 {
		return nil, userfault.Usage("name an inventory: --inventory aws, terraform-query, terraformer:DIR or file:FILE", "nothing tells where to look for what exists")
	}
	var out []inventory.Source
	for _, i := range cfg.Inventories {
		path := cfg.Resolve(i.Path)
		open := func() (io.ReadCloser, error) { return os.Open(path) }
		switch {
		case i.Kind == "file":
			out = append(out, file.New(i.Path, open, p.secrets))
		case i.Kind == "terraformer":
			out = append(out, terraformer.New(i.Path, os.DirFS(path), p.secrets))
		case i.Kind == "terraform-query" && i.Path != "":
			out = append(out, tfquery.File(i.Path, open, p.secrets))
		case i.Kind == "terraform-query":
			out = append(out, &querySource{p: p, cfg: cfg, c: c, folder: func(workspace string) string { return c.folder(cfg, here, workspace) }})
		default:
			out = append(out, aws.New(aws.Options{Regions: i.Regions, Roles: cfg.AWSRoles, Secrets: p.secrets, Log: p.log}))
		}
	}
	return out, nil
}
