package tfc

import "net/http"

// user is who a token belongs to. Organisation tokens belong to a user too, a
// synthetic one that the service calls service account.
type user struct{ role Role }

// creator is the user who made everything.
const creator = "user-owner"

func (u user) key() string {
	switch u.role {
	case Reader:
		return "user-reader"
	case Organization:
		return "user-organization"
	}
	return creator
}

func (u user) scope() *Workspace { return nil }

func (u user) show(*call) resource {
	name := u.key()
	return resource{
		ID: name, Type: "users",
		Attributes: attrs{
			"username": name, "is-service-account": u.role == Organization, "auth-method": "tfc",
			"avatar-url": nil, "v2-only": false, "email": name + "@example.com", "unconfirmed-email": nil,
			"two-factor":  attrs{"enabled": false, "verified": false},
			"permissions": attrs{"can-create-organization": u.role == Owner},
		},
		Links: attrs{"self": "/api/v2/users/" + name},
	}
}

func (c *call) readAccount() (answer, error) {
	return c.single(http.StatusOK, user{c.token.Role})
}
