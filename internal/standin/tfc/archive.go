package tfc

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"
)

// downloadLife is how long a temporary download URL lives, as the plan JSON
// endpoints document it.
const downloadLife = time.Minute

// maxUpload bounds what a request may carry, in bytes: configurations are the largest.
const maxUpload = 512 << 20

// object is what stands behind a temporary URL of the archivist.
type object struct {
	expires     time.Time // zero: never
	contentType string
	read        func() []byte     // under the server's lock
	write       func(body []byte) // under the server's lock; nil: not writable
	windowed    bool              // honours limit and offset, as logs do
}

// archiveURL makes a URL for an object. The key stands in the path, not the query:
// go-tfe's log reader replaces the query.
func (c *call) archiveURL(o *object) string {
	c.s.objects++ // a count of its own: how much is downloaded must not shift other ids
	key := "o" + strconv.Itoa(c.s.objects)
	c.s.archive[key] = o
	return c.s.archiveBase(c.base) + key
}

func (s *Server) archiveBase(base string) string {
	if s.opts.ArchiveURL != "" {
		base = s.opts.ArchiveURL
	}
	return base + "/_archivist/v1/object/"
}

// redirect answers 307 to a URL that lives for a minute and needs no token.
func (c *call) redirect(body []byte) answer {
	location := c.archiveURL(&object{
		expires:     c.s.opts.Clock().Add(downloadLife),
		contentType: "application/json",
		read:        func() []byte { return body },
	})
	return answer{status: http.StatusTemporaryRedirect, location: location}
}

// serveArchive answers the temporary URLs. They are signed: as with S3, a request
// that also carries an Authorization header is refused, so that a client which
// sends its token on to the storage is caught.
func (s *Server) serveArchive(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "Only one auth mechanism allowed", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	o, ok := s.archive[r.PathValue("key")]
	ok = ok && (o.expires.IsZero() || s.opts.Clock().Before(o.expires))
	s.mu.Unlock()
	switch {
	case !ok:
		http.Error(w, "not found", http.StatusNotFound)
	case r.Method == http.MethodPut:
		s.takeUpload(w, r, o)
	case r.Method == http.MethodGet && o.read != nil:
		s.mu.Lock()
		body := o.read()
		s.mu.Unlock()
		if o.windowed {
			body = windowOf(r, body)
		}
		answer{status: http.StatusOK, contentType: o.contentType, body: body}.write(w)
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

func (s *Server) takeUpload(w http.ResponseWriter, r *http.Request, o *object) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil || o.write == nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	o.write(body)
	s.mu.Unlock()
	w.WriteHeader(http.StatusOK)
}

// windowOf cuts the part that limit and offset (bytes) ask for.
func windowOf(r *http.Request, body []byte) []byte {
	q := r.URL.Query()
	offset, _ := strconv.Atoi(q.Get("offset"))
	offset = min(max(offset, 0), len(body))
	limit := positive(q.Get("limit"), len(body))
	return bytes.Clone(body[offset:min(offset+limit, len(body))])
}
