package tfc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// stateTries is how often a state is given to its reader, when transfers of it
// break off.
const stateTries = 2

// EachState gives yield the current state of each workspace of an organization
// that the filter lets through, as a stream that yield has to read before it
// returns. Where the server includes states in its list, a hundred workspaces
// cost one request, and each state a download; else each costs one request
// more. No state is kept, whatever its size.
//
// Yield is called concurrently, by as many workers as given (by a few, if that
// is not positive), each workspace by one of them. A transfer that breaks off
// or stalls makes Read fail, and yield is then called a second time for the
// workspace, with the state from its beginning: it should collect anew with
// each call, and keep what it collected only once it has read it all. An error
// that yield returns while the transfer is sound (the state is none, say) is
// that workspace's, as it is. To end everything, cancel ctx.
//
// Failed, which isn't called concurrently, is told of each workspace whose
// state could not be read, and why. Workspaces without a state are passed over.
//
// The error is for what keeps from going on: an Unauthorized, a list that can't
// be read, the context's end.
func (c *Client) EachState(ctx context.Context, f Filter, workers int, yield func(Workspace, io.Reader) error, failed func(Workspace, error)) error {
	if workers <= 0 {
		workers = parallel
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	var one sync.Mutex
	listed := c.EachWorkspace(ctx, f, WithState, func(w Workspace) error {
		if w.Stateless() {
			return nil
		}
		g.Go(func() error {
			err := c.readState(ctx, &w, yield)
			var un *Unauthorized
			switch {
			case err == nil:
				return nil
			case ctx.Err() != nil:
				return c.fault(0, ctx.Err(), "read the state of workspace "+w.label())
			case errors.As(err, &un):
				return err
			}
			one.Lock()
			defer one.Unlock()
			failed(w, err)
			return nil
		})
		return ctx.Err()
	})
	if err := g.Wait(); err != nil {
		return err // the cause, where the list ended with it
	}
	return listed
}

// readState gives yield the state of w, if there is one.
func (c *Client) readState(ctx context.Context, w *Workspace, yield func(Workspace, io.Reader) error) error {
	for try := 1; ; try++ {
		body, err := c.openState(ctx, w)
		if body == nil || err != nil {
			return err
		}
		seen := &transfer{Reader: body}
		err = yield(*w, seen)
		body.Close()
		if seen.err == nil {
			return err
		}
		if try == stateTries || ctx.Err() != nil {
			return seen.err
		}
	}
}

// transfer remembers that reading failed, whatever its reader made of it.
type transfer struct {
	io.Reader
	err error
}

// Read implements io.Reader.
func (t *transfer) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err != nil && err != io.EOF {
		t.err = err
	}
	return n, err
}

// openState opens the state of w; nil where there is none. Where the address
// that the list had won't do (any more: it may be signed), it asks for another.
func (c *Client) openState(ctx context.Context, w *Workspace) (io.ReadCloser, error) {
	if w.mayReadState != nil && !*w.mayReadState {
		return nil, c.stateRefused(w, http.StatusForbidden)
	}
	what := "read the state of workspace " + w.label()
	for asked := false; ; {
		if w.State != nil && w.State.DownloadURL != "" {
			u, err := c.base.Parse(w.State.DownloadURL)
			if err != nil {
				return nil, c.fault(0, errors.New("the state has no valid address"), what)
			}
			resp, err := c.fetch(ctx, u, "application/json")
			if err != nil {
				return nil, c.fault(0, err, what)
			}
			if resp.StatusCode == http.StatusOK {
				return planBody{resp.Body, what}, nil
			}
			if asked {
				return nil, c.undownloaded(resp, w, what)
			}
			resp.Body.Close()
		}
		found, err := c.currentState(ctx, w, what)
		if !found || err != nil {
			return nil, err
		}
		asked = true
	}
}

// currentState asks for the workspace's state version, and reports whether
// there is one.
func (c *Client) currentState(ctx context.Context, w *Workspace, what string) (found bool, _ error) {
	var got struct {
		Data struct {
			ID         string    `json:"id"`
			Attributes stateData `json:"attributes"`
		} `json:"data"`
	}
	err := c.get(ctx, what, "workspaces/"+url.PathEscape(w.ID)+"/current-state-version", nil, &got)
	var none *Unreadable
	if errors.As(err, &none) {
		if none.Status == http.StatusNotFound && w.State == nil && w.Resources == 0 {
			return false, nil
		}
		return false, c.stateRefused(w, none.Status)
	}
	if err != nil {
		return false, err
	}
	w.State = got.Data.Attributes.named(got.Data.ID)
	if w.State.DownloadURL == "" {
		return false, c.stateRefused(w, http.StatusForbidden)
	}
	return true, nil
}

// stateRefused is the error for a state that is there, and not for this token.
func (c *Client) stateRefused(w *Workspace, status int) error {
	return userfault.Wrap(&Unreadable{status, "the token may not read its state versions"},
		"give the token's team permission to read state versions of workspace "+w.Name, "cannot read the state of workspace %s", w.label())
}

// undownloaded turns the refusal of a download into an error.
func (c *Client) undownloaded(resp *http.Response, w *Workspace, what string) error {
	at := resp.Request.URL
	switch home := wire.HostOf(at) == wire.HostOf(c.base) && strings.HasPrefix(at.Path, "/api/"); {
	case !home:
		resp.Body.Close()
		return userfault.New("try again", "cannot %s: the archive at %s, where it is kept, answered %d", what, at.Host, resp.StatusCode)
	case resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusNotFound:
		resp.Body.Close()
		return c.stateRefused(w, resp.StatusCode)
	}
	return c.refused(resp, at, what)
}
