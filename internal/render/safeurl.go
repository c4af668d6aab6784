package render

import (
	"net/url"
	"strings"
)

// SafeURL returns an address that a link may lead to, spelled with characters
// that mean nothing in any format, or "": only http and https, with a host and
// without a user name, which serves to disguise one.
func SafeURL(raw string) string {
	if raw == "" || Visible(raw) != raw {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || !isHost(u.Host) {
		return ""
	}
	var b strings.Builder
	s := u.String()
	for i := range len(s) {
		c := s[i]
		if isAlnum(c) || strings.IndexByte("-._~:/?#@=&+,%", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func isHost(host string) bool {
	for i := range len(host) {
		if !isAlnum(host[i]) && strings.IndexByte("-.:", host[i]) < 0 {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
