package app

import (
	"net/url"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// hosts are the Terraform Clouds that there is a token for, with a client
// each, made when it is first asked for.
type hosts struct {
	p       *program
	cfg     *config.TerraformCloud
	clients map[string]*tfc.Client // by address
}

func (p *program) hosts(cfg *config.Config) *hosts {
	return &hosts{p: p, cfg: &cfg.TerraformCloud, clients: map[string]*tfc.Client{}}
}

// of returns the client for the host that address is on; nil where there is
// no token for it.
func (h *hosts) of(address string) (*tfc.Client, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, userfault.Usage("it should look like https://app.terraform.io", "not an address of Terraform Cloud: %q", address)
	}
	host, ok := h.cfg.HostOf(u)
	if !ok {
		return nil, nil
	}
	if c := h.clients[host.Address]; c != nil {
		return c, nil
	}
	c, err := tfc.New(tfc.Host{Address: host.Address, Token: host.Token},
		wire.Options{UserAgent: "strandline/" + version(), Log: h.p.log, Secrets: h.p.secrets,
			Now: h.p.clock.Now, Sleep: h.p.clock.Sleep})
	if err == nil {
		h.clients[host.Address] = c
	}
	return c, err
}

// named is of, for a host that a person named: to have no token for it is an
// error.
func (h *hosts) named(address string) (*tfc.Client, error) {
	c, err := h.of(address)
	if c == nil && err == nil {
		err = noToken(address)
	}
	return c, err
}

func noToken(address string) error {
	name := hostName(address)
	return userfault.Usage("set TFE_TOKEN (with TFE_ADDRESS, where it isn't app.terraform.io) or run `terraform login "+name+"`; or give files instead: plan JSON, or states with --state",
		"there is no Terraform Cloud token for %s", name)
}

// hostName returns an address's host as a person would write it.
func hostName(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}
