package config

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestHosts(t *testing.T) {
	login := func(text string) map[string]string {
		return map[string]string{"home/.terraform.d/credentials.tfrc.json": text}
	}
	const both = `{"credentials":{"app.terraform.io":{"token":"file"},"tfe.example.com":{"token":"file2"}}}`
	for _, tc := range []struct {
		name  string
		env   []string
		files map[string]string
		want  string // the default's address and token, then each host's
	}{
		{"nothing", nil, nil, "https://app.terraform.io= |"},
		{"token", []string{"TFE_TOKEN=t-token"}, nil, "https://app.terraform.io=t-token | https://app.terraform.io=t-token"},
		{"token and address", []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=https://tfe.example.com/"}, nil,
			"https://tfe.example.com=t-token | https://tfe.example.com=t-token"},
		{"inputs first", []string{"INPUT_TFE-TOKEN=i-token", "INPUT_TFE_ADDRESS=i.example.com", "TFE_TOKEN=t-token", "TFE_ADDRESS=https://tfe.example.com/"}, nil,
			"https://i.example.com=i-token | https://i.example.com=i-token"},
		{"address without scheme, upper case", []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=TFE.example.com:8443"}, nil,
			"https://tfe.example.com:8443=t-token | https://tfe.example.com:8443=t-token"},
		{"address of the API", []string{"TFE_ADDRESS=https://tfe.example.com:443/api/v2/"}, nil, "https://tfe.example.com= |"},
		{"this machine", []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=http://127.0.0.1:8080"}, nil,
			"http://127.0.0.1:8080=t-token | http://127.0.0.1:8080=t-token"},
		{"this machine, by IPv6", []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=http://[::1]:8080"}, nil, "http://[::1]:8080=t-token | http://[::1]:8080=t-token"},
		{"plain http elsewhere is warned of", []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=http://tfe.example.com"}, nil,
			"http://tfe.example.com=t-token | http://tfe.example.com=t-token | TFE_ADDRESS is plain http: tokens travel unencrypted to tfe.example.com"},
		{"Terraform's variable for the host", []string{"TFE_TOKEN=t-token", "TF_CLOUD_HOSTNAME=tfe.example.com"}, nil,
			"https://tfe.example.com=t-token | https://tfe.example.com=t-token"},

		{"by host", []string{"TF_TOKEN_app_terraform_io=a-token", "TF_TOKEN_tfe_example_com=b-token"}, nil,
			"https://app.terraform.io=a-token | https://app.terraform.io=a-token https://tfe.example.com=b-token"},
		{"by host, the only one is the default", []string{"TF_TOKEN_tfe_example_com=b-token"}, nil,
			"https://tfe.example.com=b-token | https://tfe.example.com=b-token"},
		{"by host, default elsewhere", []string{"TFE_TOKEN=t-token", "TF_TOKEN_tfe_example_com=b-token"}, nil,
			"https://app.terraform.io=t-token | https://app.terraform.io=t-token https://tfe.example.com=b-token"},
		{"TFE_TOKEN goes before TF_TOKEN_", []string{"TFE_TOKEN=t-token", "TF_TOKEN_app_terraform_io=a-token"}, nil,
			"https://app.terraform.io=t-token | https://app.terraform.io=t-token"},
		{"hyphens as double underscores", []string{"TF_TOKEN_my__tfe_example_com=b-token"}, nil, "https://my-tfe.example.com=b-token | https://my-tfe.example.com=b-token"},
		{"hyphens as they are", []string{"TF_TOKEN_my-tfe_example_com=b-token"}, nil, "https://my-tfe.example.com=b-token | https://my-tfe.example.com=b-token"},
		{"punycode", []string{"TF_TOKEN_xn--caf-dma_fr=b-token"}, nil, "https://xn--caf-dma.fr=b-token | https://xn--caf-dma.fr=b-token"},
		{"punycode with underscores", []string{"TF_TOKEN_xn____caf__dma_fr=b-token"}, nil, "https://xn--caf-dma.fr=b-token | https://xn--caf-dma.fr=b-token"},
		{"not punycode", []string{"TF_TOKEN_café_fr=b-token"}, nil, "https://xn--caf-dma.fr=b-token | https://xn--caf-dma.fr=b-token"},
		{"the last one counts", []string{"TF_TOKEN_a-b_io=1-token", "TF_TOKEN_a__b_io=2-token"}, nil, "https://a-b.io=2-token | https://a-b.io=2-token"},
		{"an empty one is none", []string{"TF_TOKEN_a_io=1-token", "TF_TOKEN_a_io="}, nil, "https://a.io=1-token | https://a.io=1-token"},
		{"no host's name", []string{"TF_TOKEN_=1-token", "TF_TOKEN_a___b=1-token", "TF_TOKEN=1-token"}, nil, "https://app.terraform.io= |"},
		{"a variable can't name a port", []string{"TF_TOKEN_localhost=b-token", "TFE_ADDRESS=http://localhost:8080"}, nil,
			"http://localhost:8080=b-token | http://localhost:8080=b-token https://localhost=b-token"},

		{"login", []string{"HOME=ROOT/home"}, login(both), "https://app.terraform.io=file | https://app.terraform.io=file https://tfe.example.com=file2"},
		{"login, below the environment", []string{"HOME=ROOT/home", "TF_TOKEN_tfe_example_com=env-token"}, login(both),
			"https://app.terraform.io=file | https://app.terraform.io=file https://tfe.example.com=env-token"},
		{"login, other content", []string{"HOME=ROOT/home"}, login(`{"credentials":{"a.io":{"token":null},"b.io":{"token":""},"c.io":{},"d.io":{"token":"${x}"}}}`),
			"https://d.io=${x} | https://d.io=${x}"},
		{"login, broken", []string{"HOME=ROOT/home"}, login(`{"credentials":{"a.io":{"token":"s3cr3t`),
			"https://app.terraform.io= | | ROOT/home/.terraform.d/credentials.tfrc.json can't be read for credentials: it is not well-formed at line 1, column 40"},
		{"login, no object", []string{"HOME=ROOT/home"}, login(`{"credentials":{"a.io":"s3cr3t"}}`),
			"https://app.terraform.io= | | ROOT/home/.terraform.d/credentials.tfrc.json can't be read for credentials: it is not well-formed at line 1, column 24"},
		{"CLI configuration", []string{"HOME=ROOT/home"},
			map[string]string{"home/.terraformrc": "plugin_cache_dir = \"/x\"\ncredentials \"a.io\" {\n  token = \"rc-token\"\n}\ncredentials_helper \"x\" {}\nprovider_installation {\n  direct {}\n}\n"},
			"https://a.io=rc-token | https://a.io=rc-token"},
		{"login goes before CLI configuration", []string{"HOME=ROOT/home"},
			map[string]string{"home/.terraformrc": `credentials "a.io" { token = "rc-token" }`, "home/.terraform.d/credentials.tfrc.json": `{"credentials":{"a.io":{"token":"login"}}}`},
			"https://a.io=login | https://a.io=login"},
		{"but not before one that is named", []string{"HOME=ROOT/home", "TF_CLI_CONFIG_FILE=ci.tfrc"},
			map[string]string{"home/.terraformrc": `credentials "b.io" { token = "rc-token" }`, "w/ci.tfrc": `credentials "a.io" { token = "ci-token" }`, "home/.terraform.d/credentials.tfrc.json": `{"credentials":{"a.io":{"token":"login"}}}`},
			"https://a.io=ci-token | https://a.io=ci-token"},
		{"one that is named but missing", []string{"TF_CLI_CONFIG_FILE=ROOT/no"}, nil,
			"https://app.terraform.io= | | ROOT/no can't be read for credentials: file does not exist"},
		{"a token that is computed", []string{"TF_CLI_CONFIG_FILE=ROOT/x.tfrc"}, map[string]string{"x.tfrc": `credentials "a.io" { token = foo() }`},
			"https://app.terraform.io= | | ROOT/x.tfrc can't be read for credentials: it is not well-formed at line 1, column 30"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := world{env: tc.env, files: tc.files}.mustLoad(t)
			cloud := c.TerraformCloud
			got := fmt.Sprintf("%s=%s |", cloud.Default.Address, cloud.Default.Token)
			for _, h := range cloud.Hosts {
				got += fmt.Sprintf(" %s=%s", h.Address, h.Token)
				if !c.Secrets.Whole(h.Token) {
					t.Errorf("%s is not a secret", h.Token)
				}
				if u, err := url.Parse(h.Address); err != nil || u.Host != h.Hostname {
					t.Errorf("%s has the name %s", h.Address, h.Hostname)
				}
			}
			for _, w := range c.Warnings {
				got += " | " + strings.ReplaceAll(w, strings.TrimSuffix(c.Dir, "/w"), "ROOT")
			}
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestHostOf(t *testing.T) {
	cloud := world{env: []string{"TFE_TOKEN=t-token", "TFE_ADDRESS=http://127.0.0.1:1", "TF_TOKEN_localhost=l-token", "TF_TOKEN_tfe_example_com=e-token"}}.mustLoad(t).TerraformCloud
	for in, want := range map[string]string{
		"http://127.0.0.1:1/app/acme":         "http://127.0.0.1:1=t-token",
		"http://127.0.0.1:2/app/acme":         "none",
		"http://localhost:2/app/acme":         "http://localhost:2=l-token",
		"https://localhost/app/acme":          "https://localhost=l-token",
		"https://TFE.example.com/app/acme":    "https://tfe.example.com=e-token",
		"https://tfe.example.com:443/app":     "https://tfe.example.com=e-token",
		"http://tfe.example.com/app":          "https://tfe.example.com=e-token", // never the stranger's scheme
		"https://tfe.example.com:8443/app":    "none",
		"https://tfe.example.com.evil.io/app": "none",
		"https://app.terraform.io/app/acme":   "none",
		"https:///app":                        "none",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if h, ok := cloud.HostOf(u); ok {
			got = h.Address + "=" + h.Token
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
