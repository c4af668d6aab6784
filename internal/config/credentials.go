package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// maxCredentials bounds a file of Terraform's, in bytes.
const maxCredentials = 1 << 20

// credentials reads the tokens in Terraform's own files, by host: the one that
// `terraform login` writes and the CLI configuration. Where both have a host,
// the one counts that counts for Terraform: login's, unless the configuration
// was named by TF_CLI_CONFIG_FILE. These files are not ours, so that whatever
// is wrong with them is only warned of. See
// https://developer.hashicorp.com/terraform/cli/config/config-file
func (c *Config) credentials(env environment) map[string]string {
	// Where Terraform looks: internal/command/cliconfig/config_{unix,windows}.go
	home, rc, dir := env.get("HOME"), ".terraformrc", ".terraform.d"
	if runtime.GOOS == "windows" {
		home, rc, dir = env.get("APPDATA"), "terraform.rc", "terraform.d"
	}
	var files []string
	if home != "" {
		files = []string{filepath.Join(home, rc), filepath.Join(home, dir, "credentials.tfrc.json")}
	}
	named := env.get("TF_CLI_CONFIG_FILE")
	if named != "" {
		files = append(files[min(1, len(files)):], resolve(c.Dir, named))
	}
	tokens := map[string]string{}
	for _, file := range files {
		data, err := readBounded(file, maxCredentials)
		switch {
		case errors.Is(err, fs.ErrNotExist) && file != resolve(c.Dir, named):
			continue
		case err == nil:
			err = readCredentials(data, file, tokens)
		}
		if err != nil {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s can't be read for credentials: %v", file, err))
		}
	}
	return tokens
}

// readCredentials adds the tokens of one file's credentials blocks. Its errors
// name the place but quote nothing.
func readCredentials(data []byte, name string, tokens map[string]string) error {
	parse := hclparse.NewParser().ParseHCL
	if strings.HasSuffix(name, ".json") {
		parse = hclparse.NewParser().ParseJSON
	}
	file, diags := parse(data, name)
	if file == nil || file.Body == nil {
		return located(diags)
	}
	content, _, more := file.Body.PartialContent(&hcl.BodySchema{
		Blocks: []hcl.BlockHeaderSchema{{Type: "credentials", LabelNames: []string{"host"}}},
	})
	diags = append(diags, more...)
	for _, block := range content.Blocks {
		body, _, more := block.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "token"}}})
		diags = append(diags, more...)
		attribute := body.Attributes["token"]
		if attribute == nil {
			continue // of a credentials helper, say
		}
		v, more := attribute.Expr.Value(nil)
		diags = append(diags, more...)
		if v, err := convert.Convert(v, cty.String); err == nil && v.IsKnown() && !v.IsNull() {
			if host, err := canonical(block.Labels[0]); err == nil && v.AsString() != "" {
				tokens[host] = strings.TrimSpace(v.AsString())
			}
		}
	}
	return located(diags)
}

func located(diags hcl.Diagnostics) error {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			return fmt.Errorf("it is not well-formed at line %d, column %d", d.Subject.Start.Line, d.Subject.Start.Column)
		}
	}
	if diags.HasErrors() {
		return errors.New("it is not well-formed")
	}
	return nil
}
