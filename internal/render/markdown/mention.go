package markdown

import (
	"regexp"
	"strings"
)

// maxMention is longer than any mention that means something: 39 characters of
// a user or organization, 100 of a team.
const maxMention = 150

// Mention spells an owner as a mention: a user, or a team of an organization,
// as @user or @organization/team. It reports false for what is neither, which
// stands nowhere unescaped.
func Mention(owner string) (string, bool) {
	// An underscore could begin emphasis.
	return strings.ReplaceAll(owner, "_", `\_`), len(owner) <= maxMention && isMention(owner)
}

func isMention(owner string) bool {
	return regexp.MustCompile(`^@[A-Za-z0-9-]+(/[A-Za-z0-9._-]+)?$`).MatchString(owner) && !strings.Contains(owner, "www.")
}

func mention(owner string, code func(string) string) string {
	if text, ok := Mention(owner); ok {
		return text
	}
	return code(owner)
}
