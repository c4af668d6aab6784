package github

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// PullRequest is a pull request that the program opens, as it should be. Branch
// says which one; it is the program's own.
type PullRequest struct {
	Key     string // for example "drift"
	Run     string // workflow run and attempt, "1234.1"; "" when not in a workflow
	Branch  string // for example "strandline/drift"
	Base    string // the branch it is for; "": the repository's default branch
	Title   string // one line of at most 256 characters
	Body    string // markdown, at most Room bytes: the program's region of the body
	Files   []File // what it changes; none: there is nothing to change any more
	Message string // of the commit; lines by which the program knows it again are added
	Closing string // a comment, in markdown, for when it is closed because nothing is left to change; "" for none
}

// File is a change of one file.
type File struct {
	Path    string // from the repository's root, with slashes
	Was     []byte // what the base must hold for the change to be made; nil: no such file
	Content []byte // what it should hold; nil: the file is deleted
}

// Room returns how many bytes a Body may have beside the marker, as long as
// nobody has written around it.
func (pr PullRequest) Room() int { return MaxBody - region{}.frame(pr.stamp(digestOf(nil))) }

func (pr PullRequest) stamp(digest string) stamp {
	return stamp{key: pr.Key, run: pr.Run, digest: digest, title: titleSum(pr.Title)}
}

// KeepPullRequest makes the program's pull request hold pr's changes: one
// commit on top of the base, on a branch of its own, and an open pull request
// from it. Executable files stay so.
//
// The commit is made anew only where the changes are others than those that the
// branch holds, or where the base's version of these files is another. That the
// base has moved elsewhere is no reason: such a pull request merges all the same.
//
// Nothing of a person's is written over. Outcome Conflict, with the reason, says
// that nothing was done because
//
//   - the base holds something else than File.Was says (what it holds as wanted
//     already is passed over);
//   - somebody has pushed to the branch, and other changes are wanted by now than
//     the pull request was made for: the program knows its own commit by lines at
//     the end of its message, which name the key and the tree;
//   - somebody has closed the pull request with these very changes. Other
//     changes, or these after the program itself has closed it, open a new one.
//
// Title and text are kept as those of an issue are: what people write stays.
//
// Where nothing is left to change, the open pull request is closed with
// pr.Closing, and the branch deleted, unless it holds a person's commits.
//
// A token that may not push, or not open pull requests, gives Refused and no
// error. In the latter case the branch is there, for a person to open one from.
func (p *Poster) KeepPullRequest(ctx context.Context, pr PullRequest) (Result, error) {
	for _, f := range pr.Files {
		if !fs.ValidPath(f.Path) || f.Path == "." || slices.Contains(strings.Split(strings.ToLower(f.Path), "/"), ".git") {
			return Result{}, userfault.New("this is a defect of strandline; please report it", "a pull request can't change a file named %q", f.Path)
		}
	}
	result, err := p.keepPull(ctx, pr)
	if (passing(err) || overtaken(err)) && wire.Sleep(ctx, p.pause) == nil {
		result, err = p.keepPull(ctx, pr) // see Upsert
	}
	if err == nil {
		return result, nil
	}
	if why := pullRefused(err); why != "" {
		return Result{Outcome: Refused, Why: why}, nil
	}
	return Result{}, userfault.Wrap(err, hint(err), "can't write the pull request from %s in %s/%s", pr.Branch, p.owner, p.name)
}

// overtaken recognises what another run has done between our reading and our
// writing: "Reference already exists", "Reference does not exist", "A pull
// request already exists for acme:strandline/drift."
func overtaken(err error) bool {
	status, _ := answered(err)
	if status != http.StatusUnprocessableEntity {
		return false
	}
	text := err.Error()
	return strings.Contains(text, "already exists") || strings.Contains(text, "Reference does not exist")
}

// pullRefused says in words that the token may not, "" where err is something
// else.
func pullRefused(err error) string {
	status, message := answered(err)
	if status == http.StatusForbidden && strings.Contains(message, "not permitted to create or approve pull requests") {
		return "workflows may not open pull requests in this repository (GitHub: " + message + "); allow it in Settings, Actions, General, " +
			"Workflow permissions, or give another token with pr-token"
	}
	return refused(err, "push a branch and open a pull request", "contents: write and pull-requests: write")
}

// change is a File that the base doesn't hold as wanted, and its mode.
type change struct {
	File
	mode string
}

// digestOf tells changes apart, by path, base and content.
func digestOf(changes []change) string {
	sum := sha256.New()
	for _, c := range changes {
		fmt.Fprintf(sum, "%q %s %s %s\n", c.Path, c.mode, blobName(c.Was), blobName(c.Content))
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// blobName is git's name of a file's content, "" for no file:
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func blobName(content []byte) string {
	if content == nil {
		return ""
	}
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}
