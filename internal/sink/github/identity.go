package github

import (
	"context"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"
)

// author is who writes on GitHub, in a form that compares with ==. Whether it
// is an App belongs to it: anyone can register the name of an App as a user.
type author struct {
	name string // lower case, without the [bot] that REST puts after an App's
	bot  bool
}

// actionsBot is the author of what is written with a workflow's own token.
var actionsBot = author{name: "github-actions", bot: true}

func authorOf(u *gogithub.User) author { return newAuthor(u.GetLogin(), u.GetType() == "Bot") }

func newAuthor(login string, bot bool) author {
	login = strings.ToLower(login)
	if bot {
		login = strings.TrimSuffix(login, "[bot]")
	}
	return author{login, bot}
}

// IsInstallationToken reports whether token is one of an App's installation,
// as a workflow's GITHUB_TOKEN is: GET /user refuses those. See
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
func IsInstallationToken(token string) bool { return strings.HasPrefix(token, "ghs_") }

// own returns those of the marked comments that are the program's own, with
// as few requests as can tell:
//
//   - none where there is no marked comment, or where we have been told before;
//   - GET /user for a personal token;
//   - none for an installation's token where all marked comments by Apps are
//     the workflow bot's; else GraphQL's viewer, which answers to Apps too.
//
// Where GitHub won't say, none is ours: a comment is created then, whose
// author we are, and joined with an older one of the same author.
func (p *Poster) own(ctx context.Context, marked []posted) ([]posted, error) {
	if len(marked) == 0 {
		return nil, nil
	}
	us, err := p.person(ctx)
	if err != nil {
		return nil, err
	}
	if us.name == "" {
		bots, others := byBots(marked)
		if len(bots) == 0 || !others {
			return bots, nil
		}
		us = newAuthor(p.viewer(ctx), true)
	}
	if us.name == "" {
		return nil, ctx.Err()
	}
	p.remember(us)
	return by(marked, us), nil
}

// person returns who we are where that is known or a personal token tells;
// else the zero author.
func (p *Poster) person(ctx context.Context) (author, error) {
	us := p.known()
	if us.name != "" || p.installation {
		return us, nil
	}
	user, _, err := p.api.Users.Get(ctx, "")
	switch status, _ := answered(err); {
	case err == nil:
		return authorOf(user), nil
	case status != http.StatusForbidden && status != http.StatusNotFound:
		return author{}, err
	}
	return author{}, nil
}

// whoami returns who we are, with at most two requests. Where GitHub won't say
// it is the workflow's bot, until the answer to something we create tells
// better.
func (p *Poster) whoami(ctx context.Context) (author, error) {
	us, err := p.person(ctx)
	if err != nil {
		return author{}, err
	}
	if us.name == "" {
		us = newAuthor(p.viewer(ctx), true)
	}
	if us.name == "" {
		return actionsBot, ctx.Err()
	}
	p.remember(us)
	return us, nil
}

// login is the author's name as REST has it.
func (a author) login() string {
	if a.bot {
		return a.name + "[bot]"
	}
	return a.name
}

// byBots returns the comments by Apps, and whether any is by another App than
// the workflow bot.
func byBots(marked []posted) (bots []posted, others bool) {
	for _, c := range marked {
		if c.author.bot {
			bots = append(bots, c)
			others = others || c.author != actionsBot
		}
	}
	return bots, others
}

// viewer asks GraphQL who we are; "" where that is not to be had.
func (p *Poster) viewer(ctx context.Context) string {
	path := "graphql"
	if strings.HasSuffix(p.api.BaseURL.Path, "/api/v3/") {
		path = "../graphql" // GitHub Enterprise Server: /api/graphql
	}
	req, err := p.api.NewRequest(http.MethodPost, path, map[string]string{"query": "query { viewer { login } }"})
	if err != nil {
		return ""
	}
	var answer struct {
		Data struct {
			Viewer struct {
				Login string `json:"login"`
			} `json:"viewer"`
		} `json:"data"`
	}
	if _, err := p.api.Do(ctx, req, &answer); err != nil {
		return ""
	}
	return answer.Data.Viewer.Login
}

// known returns who we are; the zero author where we haven't been told yet.
func (p *Poster) known() author {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.us
}

func (p *Poster) remember(us author) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.us = us
}
