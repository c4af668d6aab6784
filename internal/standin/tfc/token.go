package tfc

import "slices"

// Role is what a token may do in the organisations that it sees.
type Role int

const (
	// Owner is a user or team token with admin on every workspace.
	Owner Role = iota
	// Reader is a user or team token with the "read" access level on every
	// workspace: redacted plans, summaries and states, but no full plan JSON, no
	// configurations and no new runs.
	Reader
	// Organization is an organisation token: it manages, but may neither start
	// runs nor read plan JSON.
	Organization
)

// Token is one API token. As long as none is declared, every token that is not
// empty is an Owner's.
type Token struct {
	Secret string
	Role   Role
	// Orgs limits it to these organisations; empty: all.
	Orgs []string
	// Denied names workspaces ("net-prod") that it may not see.
	Denied []string
	// Refusal is the status for what the role doesn't allow: 404 (the default), as
	// documented for most endpoints, or 403.
	Refusal int
}

// AddToken declares a token; from the first on, others are answered 401.
func (s *Server) AddToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[t.Secret] = t
}

func (s *Server) tokenOf(secret string) (Token, bool) {
	if len(s.tokens) == 0 {
		return Token{Secret: secret}, secret != ""
	}
	t, ok := s.tokens[secret]
	return t, ok
}

func (c *call) seesOrg(name string) bool {
	return len(c.token.Orgs) == 0 || slices.Contains(c.token.Orgs, name)
}

func (c *call) sees(w *Workspace) bool {
	return c.seesOrg(w.org.name) && !slices.Contains(c.token.Denied, w.name)
}

// admin is nil where the caller has admin on workspaces through a user or team
// token, which plan JSON, configurations and new runs take.
func (c *call) admin() error {
	switch {
	case c.token.Role == Owner:
		return nil
	case c.token.Refusal != 0:
		return &failure{status: c.token.Refusal}
	}
	return errNotFound
}
