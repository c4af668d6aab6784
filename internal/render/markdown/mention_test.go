package markdown

import (
	"strings"
	"testing"
)

func TestMention(t *testing.T) {
	for owner, want := range map[string]string{
		"@alice": "@alice", "@acme/network": "@acme/network", "@acme/a.b_c-d_": `@acme/a.b\_c-d\_`,
		"": "", "alice": "", "@": "", "@a b": "", "@a/b/c": "", "@a/": "", "@alice\n": "", "x@alice": "", "@alice @bob": "", "@al`ice": "",
		"@a/_www.evil.example": "", "@" + strings.Repeat("a", 200): "", "@ａlice": "",
	} {
		got, ok := Mention(owner)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %t", owner, got, ok)
		}
	}
}
