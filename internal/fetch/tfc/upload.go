package tfc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// How long the server may take to unpack what was uploaded, and how soon it is
// asked whether it has.
const (
	unpackPatience = 5 * time.Minute
	unpackFirst    = time.Second
)

// upload gives w a configuration that can only be planned: it never becomes
// the workspace's own, so nothing that is started later can apply it.
//
// The archive is held in memory while it is sent, since that may be repeated.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/configuration-versions#create-a-configuration-version
func (c *Client) upload(ctx context.Context, w *Workspace, archive io.ReadSeeker) (*tfe.ConfigurationVersion, error) {
	what := "upload a configuration to workspace " + w.label()
	var v *tfe.ConfigurationVersion
	err := c.do(ctx, what, func(ctx context.Context) (err error) {
		v, err = c.api.ConfigurationVersions.Create(ctx, w.ID, tfe.ConfigurationVersionCreateOptions{
			AutoQueueRuns: tfe.Bool(false), Speculative: tfe.Bool(true)})
		return err
	})
	if missing(err) {
		return nil, notCheckable("the token may not upload a configuration", "give the token's team permission to plan (queue plans)")
	}
	if err != nil {
		return nil, err
	}
	if !v.Speculative || v.AutoQueueRuns {
		return nil, lasting(c.base.Host+" doesn't know configurations that can only be planned", "plan where Terraform is run instead")
	}
	if err := c.put(ctx, what, v.UploadURL, archive); err != nil {
		return nil, err
	}
	return c.unpacked(ctx, what, v.ID)
}

// put sends the archive to the signed address that the server gave for it.
func (c *Client) put(ctx context.Context, what, address string, archive io.ReadSeeker) error {
	u, err := c.base.Parse(address)
	if err != nil || address == "" {
		return c.fault(0, errors.New("the server gave no valid address for it"), what)
	}
	size, err := archive.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = archive.Seek(0, io.SeekStart)
	}
	if err != nil {
		return userfault.Wrap(err, "", "cannot %s: cannot read the archive", what)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, u.String(), io.NopCloser(archive))
	if err != nil {
		return c.fault(0, errors.New("the server gave no valid address for it"), what)
	}
	req.ContentLength = size // object storage doesn't take bodies of unknown length
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := c.plain.Do(req)
	if err != nil {
		return c.fault(0, err, what)
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return userfault.New("try again", "cannot %s: the archive at %s answered %d", what, u.Host, resp.StatusCode)
	}
	return nil
}

// unpacked waits until the server has unpacked an upload.
func (c *Client) unpacked(ctx context.Context, what, id string) (*tfe.ConfigurationVersion, error) {
	until := c.o.Now().Add(unpackPatience)
	for interval := unpackFirst; ; interval = min(2*interval, pollMax) {
		var v *tfe.ConfigurationVersion
		if err := c.do(ctx, what, func(ctx context.Context) (err error) {
			v, err = c.api.ConfigurationVersions.Read(ctx, id)
			return err
		}); err != nil {
			return nil, err
		}
		switch v.Status {
		case tfe.ConfigurationUploaded:
			return v, nil
		case tfe.ConfigurationErrored:
			return nil, notCheckable("the configuration was not accepted: "+oneLine(v.Error+" "+v.ErrorMessage), "see what the configuration holds, and .terraformignore")
		}
		if c.o.Now().After(until) {
			return nil, notCheckable("the configuration was still "+string(v.Status)+" after "+unpackPatience.String(), "try again later")
		}
		if err := c.o.Sleep(ctx, interval); err != nil {
			return nil, c.fault(0, err, what)
		}
	}
}
