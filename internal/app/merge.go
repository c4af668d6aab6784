package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	"github.com/strandline-tf/strandline/internal/fetch/report"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) mergeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "merge FILE...",
		Short: "Join the parts of a drift check that several jobs shared",
		Long: "Reads what the jobs of a matrix wrote with `strandline drift --shard I/N --write shard=PATH`, and reports\n" +
			"and posts it as one check would have. The parts are sealed with the Terraform Cloud token, so it needs the\n" +
			"same TFE_TOKEN. A part that is missing makes the report partial: its workspaces' known findings are kept.",
		Example: "  strandline merge parts/*",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd, args)
			if err != nil {
				return err
			}
			return p.merge(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags(), "merge")
	return cmd
}

// merge takes up a drift check where its shards left it.
func (p *program) merge(ctx context.Context, cfg *config.Config) error {
	here, err := p.repository(cfg)
	if err != nil {
		return err
	}
	paths, err := shardPaths(cfg)
	if err != nil {
		return err
	}
	merged, err := report.Read(ctx, paths, cloudTokens(cfg), p.secrets)
	if err != nil {
		return err
	}
	if !cfg.Given("show") {
		cfg.Show = string(merged.Part.Show)
	}
	r := merged.Report
	r.GeneratedAt, r.Repository = p.date(cfg).UTC().Format(time.RFC3339), here.repository
	var configured *configuration
	if cfg.OpenPR {
		files, err := checkout.ReadTree(cfg.Dir)
		if err != nil {
			return err
		}
		configured = &configuration{files, propose.NewTree(files.Files)}
	}
	return p.concludeDrift(ctx, cfg, here, r, configured, history.Unseen{Workspaces: merged.Partial, Workspace: p.unasked(ctx, cfg, merged.Part.Settings)})
}

// shardPaths returns the files to merge, globs expanded: in an action there is
// no shell to do it.
func shardPaths(cfg *config.Config) ([]string, error) {
	if len(cfg.ShardFiles) == 0 {
		return nil, userfault.Usage("give the files that `strandline drift --shard I/N --write shard=PATH` wrote", "there is nothing to merge")
	}
	var paths []string
	for _, file := range cfg.ShardFiles {
		path := cfg.Resolve(file)
		found, err := filepath.Glob(path)
		if err != nil || len(found) == 0 {
			found = []string{path} // reading it says what is wrong
		}
		for _, f := range found {
			if !slices.Contains(paths, f) {
				paths = append(paths, f)
			}
		}
	}
	return paths, nil
}

// shardSettings are the settings that all parts of a check must agree on.
func shardSettings(cfg *config.Config) map[string]string {
	t := &cfg.TerraformCloud
	// As JSON, so that no two lists look the same; in any order they are.
	list := func(values []string) string {
		text, _ := json.Marshal(slices.Sorted(slices.Values(values))) // of strings it can't fail
		return string(text)
	}
	organization := t.Organization
	if len(cfg.Plans) > 0 {
		organization = "" // that of workspaces from files
	}
	return map[string]string{
		"org": organization, "workspace": list(t.Workspaces), "project": t.Project, "tag": list(t.Tags),
		"ignore": fmt.Sprintf("%x", sha256.Sum256(cfg.Ignore.Data)), "refresh": cfg.Refresh, "max-age": cfg.MaxAge.String(),
		"computed-drift": strconv.FormatBool(cfg.ComputedDrift),
	}
}

// selected is which workspaces a check's settings ask for, as far as their
// names tell.
type selected map[string]string

// not reports whether the check would pass over a workspace of that name.
func (s selected) not(organization, workspace string) bool {
	if organization != s["org"] {
		return true
	}
	var globs []string
	if json.Unmarshal([]byte(s["workspace"]), &globs) != nil || len(globs) == 0 {
		return false
	}
	return !slices.ContainsFunc(globs, func(glob string) bool { ok, _ := path.Match(glob, workspace); return ok })
}

// unasked tells of a workspace that a check's report lacks whether the check
// would have passed over it. Of which project it is, and which tags it has, its
// name doesn't tell: where the settings go by those, one that still exists
// counts as passed over, and so does one that can't be asked for.
func (p *program) unasked(ctx context.Context, cfg *config.Config, settings map[string]string) func(organization, workspace string) bool {
	var tags []string
	narrowed := settings["project"] != "" || json.Unmarshal([]byte(settings["tag"]), &tags) == nil && len(tags) > 0
	passed := map[string]bool{}
	return func(organization, workspace string) bool {
		if selected(settings).not(organization, workspace) {
			return true
		}
		if !narrowed {
			return false
		}
		if _, known := passed[workspace]; !known {
			client, err := p.hosts(cfg).named(cfg.TerraformCloud.Default.Address)
			if err == nil {
				_, err = client.WorkspaceNamed(ctx, organization, workspace)
			}
			var gone *tfc.Unreadable
			passed[workspace] = !errors.As(err, &gone) || gone.Status != http.StatusNotFound
		}
		return passed[workspace]
	}
}

// cloudTokens are the secrets that all jobs of a check have in common.
func cloudTokens(cfg *config.Config) []string {
	var tokens []string
	for _, h := range cfg.TerraformCloud.Hosts {
		if h.Token != "" {
			tokens = append(tokens, h.Token)
		}
	}
	return tokens
}
