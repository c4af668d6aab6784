package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// demoManaged is the state and the configuration of the workspace that takes in
// what nobody manages.
const (
	demoManagedState = `{"version":4,"terraform_version":"1.11.4","serial":2,"lineage":"demo","outputs":{},"resources":[` +
		`{"mode":"managed","type":"aws_vpc","name":"main","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":` +
		`{"id":"vpc-0a1b2c3d","arn":"arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0a1b2c3d","cidr_block":"10.0.0.0/16"}}]}]}`
	demoManagedConfiguration = "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n"
)

// demoAdopt looks for what no state knows, and adopts what belongs to one of
// the workspaces, which a plan proves.
func (p *program) demoAdopt(ctx context.Context, env []string, cloud *tfc.Server) error {
	plan, err := demoFiles.ReadFile("demo/adoption.json")
	if err != nil {
		return err
	}
	inventory, err := demoFiles.ReadFile("demo/inventory.json")
	if err != nil {
		return err
	}
	cloud.Planner(func(tfc.NewRun) tfc.RunSpec { return tfc.RunSpec{PlanJSON: plan} })
	if _, err := cloud.Org(demoOrg).Workspace("net-prod").SetState([]byte(demoManagedState)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "strandline-demo-")
	if err != nil {
		return userfault.Wrap(err, "set TMPDIR to a folder that may be written", "the demo's files can't be made")
	}
	defer os.RemoveAll(dir)
	workspace := filepath.Join(dir, "net-prod")
	list := filepath.Join(dir, "inventory.json")
	if err = os.Mkdir(workspace, 0o700); err == nil {
		err = os.WriteFile(filepath.Join(workspace, "main.tf"), []byte(demoManagedConfiguration), 0o600)
	}
	if err == nil {
		err = os.WriteFile(list, inventory, 0o600)
	}
	if err != nil {
		return userfault.Wrap(err, "set TMPDIR to a folder that may be written", "the demo's files can't be made")
	}
	fmt.Fprint(p.stdout, "\nWhat exists and no state knows:\n\n")
	if err := p.demoRun(ctx, env, "unmanaged", "--org", demoOrg, "--inventory", "file:"+list); err != nil {
		return err
	}
	fmt.Fprint(p.stdout, "\nThe same, written down as imports and proven by a plan:\n\n")
	return p.demoRun(ctx, env, "adopt", "--org", demoOrg, "--inventory", "file:"+list, "--workspace", "net-prod", "--dir", dir, "--verify")
}
