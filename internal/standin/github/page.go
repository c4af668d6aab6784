package github

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Page sizes: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
const (
	defaultPerPage = 30
	maxPerPage     = 100
)

// paginate returns the part of list that the request asks for, and the Link
// header with the way to the others.
func paginate[T any](c *call, list []T) ([]T, http.Header) {
	q := c.r.URL.Query()
	perPage := number(q, "per_page", defaultPerPage)
	perPage = min(perPage, maxPerPage)
	page := number(q, "page", 1)
	last := max((len(list)+perPage-1)/perPage, 1)

	var links []string
	link := func(rel string, to int) {
		q.Set("page", strconv.Itoa(to))
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel=%q`, c.api, c.r.URL.EscapedPath(), q.Encode(), rel))
	}
	if page > 1 {
		link("prev", min(page-1, last))
	}
	if page < last {
		link("next", page+1)
		link("last", last)
	}
	if page > 1 {
		link("first", 1)
	}
	header := http.Header{}
	if len(links) > 0 {
		header.Set("Link", strings.Join(links, ", "))
	}
	// Beyond the last page, an empty list.
	from := len(list)
	if page <= last {
		from = min((page-1)*perPage, len(list))
	}
	return list[from:min(from+perPage, len(list))], header
}

// number reads a positive number of a query, else fallback.
func number(q url.Values, name string, fallback int) int {
	if n, err := strconv.Atoi(q.Get(name)); err == nil && n > 0 {
		return n
	}
	return fallback
}

// listed answers with one page of list, each element as view shows it.
func listed[T any](c *call, list []T, view func(T) object) (answer, error) {
	part, header := paginate(c, list)
	out := make([]object, 0, len(part))
	for _, v := range part {
		out = append(out, view(v))
	}
	return answer{status: http.StatusOK, body: out, header: header}, nil
}
