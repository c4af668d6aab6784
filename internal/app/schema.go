package app

import (
	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/render/jsonout"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema report|config",
		Short: "Print the JSON Schema of the report or of the configuration file",
		Long: "Prints the JSON Schema (draft 2020-12) of the JSON report or of the configuration file\n" +
			".strandline.yml, for editors and scripts.",
		Example:   "  strandline schema config > strandline.schema.json",
		ValidArgs: []string{"report", "config"},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return userfault.Usage("`strandline schema report` or `strandline schema config`", "`strandline schema` takes one argument, got %d", len(args))
			}
			schema := jsonout.Schema
			switch args[0] {
			case "report":
			case "config":
				schema = config.Schema
			default:
				return userfault.Usage("`strandline schema report` or `strandline schema config`", "there is no schema of %q", args[0])
			}
			if _, err := p.stdout.Write(schema()); err != nil {
				return userfault.Wrap(err, "", "the schema could not be written to standard output")
			}
			return nil
		},
	}
}
