package tfc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// mediaType is what every JSON:API answer is labelled with.
const mediaType = "application/vnd.api+json"

// Page limits, from the API documentation's section on pagination.
const (
	defaultPageSize = 20
	maxPageSize     = 100
)

// attrs are the members of a JSON object.
type attrs = map[string]any

// resource is one JSON:API resource object.
type resource struct {
	ID            string `json:"id"`
	Type          string `json:"type"`
	Attributes    attrs  `json:"attributes,omitempty"`
	Relationships attrs  `json:"relationships,omitempty"`
	Links         attrs  `json:"links,omitempty"`
}

// ref is a resource identifier object.
type ref struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// one is a to-one relationship; an empty id is a null link.
func one(kind, id string) attrs {
	if id == "" {
		return attrs{"data": nil}
	}
	return attrs{"data": ref{id, kind}}
}

// many is a to-many relationship.
func many[E entity](kind string, items []E) attrs {
	refs := make([]ref, len(items))
	for i, item := range items {
		refs[i] = ref{item.key(), kind}
	}
	return attrs{"data": refs}
}

// answer is a whole response, made while the server's data is locked and written
// when it no longer is: a slow reader must not hold up the others.
type answer struct {
	status      int
	contentType string
	location    string
	body        []byte
}

func (a answer) write(w http.ResponseWriter) {
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is none of the server's business
}

// failure is an answer with a JSON:API error document.
type failure struct {
	status int
	detail string
}

func (f *failure) Error() string { return strconv.Itoa(f.status) + " " + f.detail }

// errNotFound is what the real service answers both for what does not exist and
// for what a token may not see, so that the two can't be told apart.
var errNotFound = &failure{status: http.StatusNotFound}

// invalid is a refused request body.
func invalid(format string, args ...any) error {
	return &failure{http.StatusUnprocessableEntity, fmt.Sprintf(format, args...)}
}

func jsonAnswer(status int, contentType string, v any) answer {
	body, err := json.Marshal(v)
	if err != nil { // a plan given by a test that is no JSON, at worst
		return failed(http.StatusInternalServerError, err.Error())
	}
	return answer{status: status, contentType: contentType, body: body}
}

func failed(status int, detail string) answer {
	entry := attrs{"status": strconv.Itoa(status), "title": strings.ToLower(http.StatusText(status))}
	if detail != "" {
		entry["detail"] = detail
	}
	return jsonAnswer(status, mediaType, attrs{"errors": []attrs{entry}})
}

func noContent() answer { return answer{status: http.StatusNoContent} }

// document answers with resources, and with what was asked to be included.
func document(status int, data any, included []resource) answer {
	doc := attrs{"data": data}
	if len(included) > 0 {
		doc["included"] = included
	}
	return jsonAnswer(status, mediaType, doc)
}

// page is one page of a list: the half-open range [from,to) of total items.
type page struct {
	number, size, from, to, total int
}

// pageOf reads page[number] and page[size]. Sizes beyond the maximum are cut to
// it, as the real service does.
func pageOf(q url.Values, total int) page {
	p := page{number: positive(q.Get("page[number]"), 1), size: positive(q.Get("page[size]"), defaultPageSize), total: total}
	p.size = min(p.size, maxPageSize)
	p.from = min((p.number-1)*p.size, total)
	p.to = min(p.from+p.size, total)
	return p
}

// positive reads a page number or size; the bound keeps their product from
// overflowing.
func positive(s string, fallback int) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n < 1<<30 {
		return n
	}
	return fallback
}

// describe returns the page's meta and links; without totals for the lists that
// page by next and previous only.
func (p page) describe(base string, u *url.URL, withTotals bool) (meta, links attrs) {
	var prev, next any
	if p.number > 1 {
		prev = p.number - 1
	}
	if p.to < p.total {
		next = p.number + 1
	}
	link := func(number any) any {
		if number == nil {
			return nil
		}
		q := u.Query()
		q.Set("page[number]", fmt.Sprint(number))
		q.Set("page[size]", strconv.Itoa(p.size))
		return base + u.Path + "?" + q.Encode()
	}
	meta = attrs{"current-page": p.number, "page-size": p.size, "prev-page": prev, "next-page": next}
	links = attrs{"self": link(p.number), "first": link(1), "prev": link(prev), "next": link(next)}
	if withTotals {
		last := max(1, (p.total+p.size-1)/p.size)
		meta["total-pages"], meta["total-count"] = last, p.total
		links["last"] = link(last)
	}
	return meta, links
}

// stamp formats an instant as the service does: UTC with milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// stampOrNil is stamp, and null for no instant.
func stampOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// textOrNil is null for an empty string.
func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
