package config

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"

	svchost "github.com/hashicorp/terraform-svchost"
)

// defaultHostname is HCP Terraform's.
const defaultHostname = "app.terraform.io"

// TerraformCloud is which servers there are, and what to look at there.
type TerraformCloud struct {
	// Default is the server of TFE_ADDRESS; where that is not set, of
	// TF_CLOUD_HOSTNAME, else the only one that there is a token for, else
	// app.terraform.io. Its Token is "" where there is none.
	Default Host
	// Hosts are the servers that there is a token for: Default first, then by
	// name.
	Hosts []Host

	Organization string
	Workspaces   []string // globs as path.Match takes them; none: all
	Project      string
	Tags         []string
	Runs         []Run // exactly these; none: found out
}

// Host is one server of Terraform Cloud or Terraform Enterprise.
type Host struct {
	Address  string // scheme and host, as in https://app.terraform.io
	Hostname string // with the port, if Address has one; in lower case, IDNs in punycode
	Token    string
}

// HostOf returns the host that u, the address of a page or of an API, belongs
// to, if there is a token for it. A token without a port is taken for any port
// of this machine, and for no other machine's: u may come from a stranger.
func (t *TerraformCloud) HostOf(u *url.URL) (Host, bool) {
	for _, h := range t.Hosts {
		if name, err := canonical(u.Host); err == nil && name == h.Hostname {
			return h, true
		}
	}
	for _, h := range t.Hosts {
		if h.Hostname == strings.ToLower(u.Hostname()) && loopback(h.Hostname) {
			return Host{Address: u.Scheme + "://" + u.Host, Hostname: u.Host, Token: h.Token}, true
		}
	}
	return Host{}, false
}

// read finds the servers and their tokens. For one server the order is: the
// input tfe-token and TFE_TOKEN (which belong to the default server),
// TF_TOKEN_<host>, Terraform's own files.
func (t *TerraformCloud) read(c *Config, env environment, faults *problems) {
	tokens := c.credentials(env)
	for host, token := range hostTokens(env.list) {
		tokens[host] = token
	}
	for _, token := range tokens {
		c.Secrets.AddToken(token)
	}
	own := env.input("tfe-token")
	if own == "" {
		own = env.get("TFE_TOKEN")
	}
	c.Secrets.AddToken(own, env.get("TFE_TOKEN"))

	address, from := env.input("tfe-address"), "input tfe-address"
	if address == "" {
		address, from = env.get("TFE_ADDRESS"), "TFE_ADDRESS"
	}
	if address == "" {
		address, from = env.get("TF_CLOUD_HOSTNAME"), "TF_CLOUD_HOSTNAME"
	}
	if address == "" && own == "" && len(tokens) == 1 {
		for host := range tokens {
			address = host
		}
	}
	u := c.address(cmp.Or(address, defaultHostname), from, faults)
	if u == nil {
		return
	}
	u.Path = strings.TrimSuffix(u.Path, "/api/v2")
	name, err := canonical(u.Host)
	if err != nil || u.Path != "" {
		faults.add("write it like https://app.terraform.io", "%s is not the address of a server", from)
		return
	}
	if own == "" {
		if own = tokens[name]; own == "" {
			// The name of a variable can't hold a port.
			own = tokens[bare(name)]
		}
	}
	t.Default = Host{Address: u.Scheme + "://" + name, Hostname: name, Token: own}
	delete(tokens, name)
	for host, token := range tokens {
		t.Hosts = append(t.Hosts, Host{Address: "https://" + host, Hostname: host, Token: token})
	}
	slices.SortFunc(t.Hosts, func(a, b Host) int { return cmp.Compare(a.Hostname, b.Hostname) })
	if own != "" {
		t.Hosts = slices.Insert(t.Hosts, 0, t.Default)
	}
}

// bare returns host without its port.
func bare(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// canonical returns the form of a host's name under which Terraform files
// credentials: lower case, IDNs in punycode, without the default port. Names
// that are in punycode already are taken as well.
func canonical(host string) (string, error) {
	if strings.HasPrefix(host, "[") { // IPv6, which Terraform has no names for
		return strings.ToLower(host), nil
	}
	name, err := svchost.ForComparison(svchost.ForDisplay(host))
	return string(name), err
}

// hostTokens reads TF_TOKEN_<host>: dots of the host's name are underscores,
// hyphens may be double ones; IDNs may be in punycode. Where several variables
// mean the same host the last one counts. See
// https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
func hostTokens(environ []string) map[string]string {
	tokens := map[string]string{}
	for _, entry := range environ {
		name, token, _ := strings.Cut(entry, "=")
		host, ok := strings.CutPrefix(name, "TF_TOKEN_")
		if token = strings.TrimSpace(token); !ok || token == "" {
			continue
		}
		host = strings.ReplaceAll(strings.ReplaceAll(host, "__", "-"), "_", ".")
		if host, err := canonical(host); err == nil { // else: no host can have this name
			tokens[host] = token
		}
	}
	return tokens
}
