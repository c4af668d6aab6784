package tfquery

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// maxLine is how many bytes a line may have; a longer one is left out.
const maxLine = 16 << 20

// errNoOutput is the cause where nothing of the input is Terraform's.
var errNoOutput = errors.New("it holds no output of terraform query")

// ReadOptions says what is being read.
type ReadOptions struct {
	Name    string          // what problems call the input: a path, a query run
	Limit   int             // of each list block; 0: Terraform's default
	Secrets *secret.Set     // gets the sensitive values; may be nil
	Schemas *schema.Schemas // of what can be listed; nil: not known
}

// Read reads the output of `terraform query -json` from r and hands every
// object to yield, each once even where several lists found it. Lines that are
// no JSON, as a log has them, are passed over. What is missing or may be (a
// list that did not end, or that ended at its limit, an error that Terraform
// reports) stands in the listing; an error is only for input that can't be read
// or is no such output, and for those of yield, which are returned as they are.
func Read(ctx context.Context, r io.Reader, o ReadOptions, yield func(model.Object) error) (inventory.Listing, error) {
	if o.Secrets == nil {
		o.Secrets = &secret.Set{}
	}
	q := &reading{ReadOptions: o, yield: yield, lists: map[string]*list{}, seen: map[[16]byte]struct{}{}, types: map[string]struct{}{}, told: map[string]struct{}{}}
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return q.listing(), err
		}
		line, whole, err := q.next(in)
		if err != nil && err != io.EOF {
			return q.listing(), userfault.Wrap(err, "", "inventory %s can't be read", o.Name)
		}
		if refused := q.read(line, whole); refused != nil {
			return q.listing(), refused
		}
		if err == io.EOF {
			break
		}
	}
	if !q.known {
		return q.listing(), userfault.Wrap(errNoOutput, "it should be what `terraform query -json` prints (Terraform 1.14 and newer)", "inventory %s can't be used", o.Name)
	}
	return q.listing(), nil
}

// reading is the state of one Read.
type reading struct {
	ReadOptions
	yield    func(model.Object) error
	n        int                   // of the line
	known    bool                  // a line was Terraform's
	lists    map[string]*list      // by address
	seen     map[[16]byte]struct{} // digests of objects
	types    map[string]struct{}
	bare     int                 // objects without configuration and schema
	told     map[string]struct{} // notes and problems that need no repetition
	problems []model.Problem
	notes    []string
}

// list is one list block.
type list struct {
	typ         string
	limit       int
	found       int
	done        bool
	interrupted bool // by an error that was reported
}

// next returns the next line without its end, and whether it had one. A line
// that is too long is left out, and is a problem.
func (q *reading) next(in *bufio.Reader) (line []byte, whole bool, err error) {
	q.n++
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > maxLine {
			line, long = nil, true
			q.problem("the line is too long", fmt.Sprintf("line %d has more than %d MiB and was left out", q.n, maxLine>>20), "")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), err == nil, err
		}
	}
}

// message is a line of the machine-readable output, as far as it is of use. See
// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
type message struct {
	Level     string `json:"@level"`
	Type      string `json:"type"`
	ListStart struct {
		Address string `json:"address"`
		Type    string `json:"resource_type"`
		Limit   int    `json:"limit"`
	} `json:"list_start"`
	Found    found `json:"list_resource_found"`
	Complete struct {
		Address string `json:"address"`
		Type    string `json:"resource_type"`
		Total   int    `json:"total"`
	} `json:"list_complete"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
		Address  string `json:"address"`
	} `json:"diagnostic"`
}

type found struct {
	Address  string          `json:"address"`
	Display  string          `json:"display_name"`
	Identity json.RawMessage `json:"identity"`
	Type     string          `json:"resource_type"`
	Object   json.RawMessage `json:"resource_object"`
	Config   string          `json:"config"`
}

// read takes in one line. The error is one of yield.
func (q *reading) read(line []byte, whole bool) error {
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if len(line) == 0 || line[0] != '{' {
		return nil
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		switch {
		case !whole && !json.Valid(line):
			q.known = q.known || bytes.Contains(line, []byte(`"@level"`))
			q.problem("cut", fmt.Sprintf("ends in the middle of line %d: objects may be missing", q.n), "run the query again and keep all of its output")
		case bytes.Contains(line, []byte(`"@level"`)):
			q.problem("", fmt.Sprintf("line %d is not as terraform query writes it", q.n), "")
		}
		return nil
	}
	q.known = q.known || m.Level != "" && m.Type != ""
	switch m.Type {
	case "list_start":
		l := q.list(m.ListStart.Address, m.ListStart.Type)
		if m.ListStart.Limit > 0 {
			l.limit = m.ListStart.Limit
		}
	case "list_complete":
		l := q.list(m.Complete.Address, m.Complete.Type)
		l.done = true
		l.found = max(l.found, m.Complete.Total)
	case "diagnostic":
		q.diagnostic(m)
	case "list_resource_found":
		return q.found(m.Found)
	}
	return nil
}

func (q *reading) list(address, typ string) *list {
	l := q.lists[address]
	if l == nil {
		l = &list{typ: typ, limit: defaultLimit}
		if _, name, _ := strings.Cut(strings.TrimPrefix(address, "list."), "."); name == label || strings.HasPrefix(name, label+"_") {
			l.limit = cmp.Or(q.Limit, manyObjects)
		}
		q.lists[address] = l
	}
	if typ != "" {
		q.types[typ] = struct{}{}
	}
	return l
}

// diagnostic keeps what Terraform says went wrong. Its text may quote values.
func (q *reading) diagnostic(m message) {
	d := m.Diagnostic
	text := d.Summary
	if d.Address != "" {
		text = d.Address + ": " + text
	}
	if d.Severity != "error" {
		q.note(text)
		return
	}
	if l := q.lists[d.Address]; l != nil {
		l.interrupted = true
	}
	q.problem(text, "terraform query: "+text, d.Detail)
}

func (q *reading) found(f found) error {
	l := q.list(f.Address, f.Type)
	l.found++
	o := model.Object{Type: f.Type, Name: f.Display, Source: name, Config: f.Config}
	if f.Object = bytes.TrimSpace(f.Object); len(f.Object) > 0 && f.Object[0] != '{' {
		f.Object = nil
	}
	if f.Identity = bytes.TrimSpace(f.Identity); len(f.Identity) > 0 && f.Identity[0] == '{' && !bytes.Equal(f.Identity, []byte("{}")) {
		o.Identity = model.Value(bytes.Clone(f.Identity))
	}
	q.describe(&o, f.Object)
	if o.Type == "" || o.ID == "" && o.Identity == nil {
		q.problem("", fmt.Sprintf("line %d: an object without type, or with neither identity nor id", q.n), "")
		return nil
	}
	d := digest(o)
	if _, again := q.seen[d]; again {
		return nil
	}
	q.seen[d] = struct{}{}
	return q.yield(o)
}

// digest tells objects apart by identity, else by id.
func digest(o model.Object) [16]byte {
	key := o.Type + "\x00" + o.ID
	if o.Identity != nil {
		in := json.NewDecoder(bytes.NewReader(o.Identity))
		in.UseNumber()
		var v any
		_ = in.Decode(&v) // it was read once already
		sorted, _ := json.Marshal(v)
		key = o.Type + "\x01" + string(sorted)
	}
	sum := sha256.Sum256([]byte(key))
	return [16]byte(sum[:16])
}

// maxTold bounds the notes and problems of one input.
const maxTold = 100

// problem adds one, once for each key; "" is never the same again.
func (q *reading) problem(key, message, hint string) {
	if q.first("problem", key, len(q.problems)) {
		q.problems = append(q.problems, model.Problem{Message: q.Secrets.Text(q.Name + ": " + message), Hint: q.Secrets.Text(hint)})
	}
}

func (q *reading) note(text string) {
	if q.first("note", text, len(q.notes)) {
		q.notes = append(q.notes, q.Secrets.Text(q.Name+": "+text))
	}
}

func (q *reading) first(kind, key string, so int) bool {
	if _, again := q.told[kind+key]; again && key != "" || so >= maxTold {
		return false
	}
	q.told[kind+key] = struct{}{}
	return true
}

// listing says what was looked for. What a list that did not end, or ended at
// its limit, did not find may exist all the same.
func (q *reading) listing() inventory.Listing {
	for _, address := range slices.Sorted(maps.Keys(q.lists)) {
		switch l := q.lists[address]; {
		case !l.done && !l.interrupted:
			q.problem("", fmt.Sprintf("%s did not end: objects of it may be missing", address), "run the query again and keep all of its output")
		case l.found == l.limit:
			q.note(fmt.Sprintf("%s ended at its limit of %d: there may be more; raise limit in its list block", address, l.limit))
		}
	}
	if q.bare > 0 {
		q.note(fmt.Sprintf("of %d objects only ids, names and tags were kept, since nothing says which other values are sensitive; add -generate-config-out=FILE to terraform query", q.bare))
	}
	return inventory.Listing{Types: slices.Sorted(maps.Keys(q.types)), Problems: q.problems, Notes: q.notes}
}
