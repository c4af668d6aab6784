package match

import (
	"regexp"
	"strings"
)

// place is where an object is; empty where not known.
type place struct{ account, region string }

// fill takes from an ARN what p doesn't say yet.
func (p *place) fill(arn string) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[0] != "arn" {
		return
	}
	if p.region == "" {
		p.region = f[3]
	}
	if p.account == "" && isAccount(f[4]) {
		p.account = f[4]
	}
}

func isAccount(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) == 12
}

// An id that AWS made up is the same object wherever it turns up: i-0123…,
// Z0123…, a UUID, an ARN with its account, a queue's URL. A key that is replicated to other
// regions, mrk-…, has the same id in each.
var (
	madeUp      = regexp.MustCompile(`(?:^|[^0-9A-Za-z])(?:[a-z]{1,20}-(?:[0-9a-f]{8}|[0-9a-f]{17})|Z[0-9A-Z]{9,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|arn:[a-z-]+:[^:]*:[^:]*:[0-9]{12}:.*|https://sqs[.][^/]+/[0-9]{12}/.*)(?:$|[^0-9A-Za-z])`)
	withAccount = regexp.MustCompile(`(?:^|[^0-9])[0-9]{12}(?:$|[^0-9])`)
)

// unique says what an id by itself tells.
func unique(id string) (account, everything bool) {
	everything = madeUp.MatchString(id)
	return everything || withAccount.MatchString(id), everything
}

// trimARN takes off what the same log group's ARN has in one place and lacks in another.
func trimARN(arn string) string { return strings.TrimSuffix(arn, ":*") }

// trimID takes off what Route 53 puts before its ids.
func trimID(id string) string { return strings.TrimPrefix(id, "/hostedzone/") }
