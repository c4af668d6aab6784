// Package history remembers findings from one run to the next: since which day
// each is known, so that a standing issue can say how old it is, and so that
// what could not be looked at this time doesn't seem to be gone.
//
// It keeps its book in the issue itself, as a hidden block of the body (see
// Book.Block), so that there is no other place to lose. Before it comes a
// report whose findings have been read, ignored and withheld; after it, the
// report is finished and rendered, with the block in it. It has no clock and
// talks to nobody.
package history

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// Kind is a kind of finding.
type Kind string

// The kinds of findings that are remembered.
const (
	KindDrift     Kind = "drift"     // a resource that changed outside Terraform
	KindOutput    Kind = "output"    // a root output that would change with it
	KindUnmanaged Kind = "unmanaged" // an object in no state
	KindConflict  Kind = "conflict"  // an object in several states
)

// Finding is one finding that came or went.
type Finding struct {
	Kind                    Kind
	Organization, Workspace string // of drift and outputs
	// Address is a resource's address, an output's name or an object's TYPE.ID;
	// "" where only a hash of it was kept.
	Address   string
	FirstSeen string // a day, 2006-01-02, UTC
}

// Book is what is known of earlier runs. Parse reads it, Apply brings it up to
// date, Block writes it.
type Book struct {
	entries []entry
	damaged bool
	// dropped is how many more findings there were than had room, the newest
	// of all; none of them is older than since.
	dropped int
	since   string
}

// entry is one finding as it stands in the block.
type entry struct {
	Kind         Kind     `json:"k"`
	Organization string   `json:"o,omitempty"`
	Workspace    string   `json:"w,omitempty"`
	Type         string   `json:"t,omitempty"`
	Account      string   `json:"c,omitempty"`
	Region       string   `json:"r,omitempty"`
	Address      string   `json:"a,omitempty"` // a resource's address, an output's name, an object's id
	Identity     string   `json:"i,omitempty"` // an object's identity, JSON
	Deposed      string   `json:"d,omitempty"`
	Action       string   `json:"x,omitempty"`
	Name         string   `json:"n,omitempty"` // an object's
	Workspaces   []string `json:"s,omitempty"` // a conflict's
	First        string   `json:"f"`
	Last         string   `json:"l,omitempty"` // "": as First
	// Hashes are the keys of findings of which no more is kept than what they
	// have in common, in the block; an entry in a Book stands for one finding.
	Hashes []byte `json:"h,omitempty"`
}

// key is what a finding is known by where its address isn't kept. It is short
// since an issue has little room: of ten thousand findings two share one with
// a probability of 1%, and then one of them is thought as old as the other.
type key uint32

const keySize = 4

// key returns e's key.
func (e *entry) key() key {
	if e.compact() {
		return key(binary.BigEndian.Uint32(e.Hashes))
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", e.identity()))
	return key(binary.BigEndian.Uint32(sum[:]))
}

// valid replaces what JSON can't hold, so that e is the same when it is read back.
func (e *entry) valid() {
	for _, s := range []*string{&e.Organization, &e.Workspace, &e.Type, &e.Account, &e.Region, &e.Address, &e.Identity, &e.Deposed, &e.Name} {
		*s = strings.ToValidUTF8(*s, "\ufffd")
	}
}

// compact reports whether only e's key is known.
func (e *entry) compact() bool { return len(e.Hashes) > 0 }

// identity is what makes two findings the same.
func (e *entry) identity() [8]string {
	return [8]string{string(e.Kind), e.Organization, e.Workspace, e.Type, e.Account, e.Region, e.Address + e.Identity, e.Deposed}
}

// workspace names the workspace that e is in.
func (e *entry) workspace() place { return place{e.Organization, e.Workspace} }

type place struct{ organization, workspace string }

// ofObject reports whether e is about what exists rather than what a workspace
// says.
func (e *entry) ofObject() bool { return e.Kind == KindUnmanaged || e.Kind == KindConflict }

func (e *entry) finding() Finding {
	f := Finding{Kind: e.Kind, Organization: e.Organization, Workspace: e.Workspace, FirstSeen: e.First}
	switch {
	case e.compact():
	case e.ofObject():
		f.Address = e.Type + "." + e.Address + e.Identity
	default:
		f.Address = e.Address
	}
	return f
}

// told is what stands in a report for an address that wasn't kept.
func (e *entry) told() string {
	if e.compact() {
		return fmt.Sprintf("(address not kept: %x)", e.Hashes)
	}
	return e.Address
}

// last is the day on which e was last seen, as far as is known.
func (e *entry) last() string {
	if e.Last == "" {
		return e.First
	}
	return e.Last
}

func driftEntry(w *model.Workspace, d *model.Drift) entry {
	return entry{Kind: KindDrift, Organization: w.Organization, Workspace: w.Name,
		Type: d.Type, Address: d.Address, Deposed: d.Deposed, Action: d.Action}
}

func outputEntry(w *model.Workspace, o *model.Output) entry {
	return entry{Kind: KindOutput, Organization: w.Organization, Workspace: w.Name, Address: o.Name, Action: o.Action}
}

// unmanagedEntry leaves the identity out where there is an id: a source may
// come to know it, and the object stays the same.
func unmanagedEntry(u *model.Unmanaged) entry {
	e := entry{Kind: KindUnmanaged, Type: u.Type, Account: u.Account, Region: u.Region, Address: u.ID, Name: u.Name}
	if u.ID == "" {
		e.Identity = string(u.Identity)
	}
	return e
}

func conflictEntry(c *model.Conflict) entry {
	return entry{Kind: KindConflict, Type: c.Type, Address: c.ID, Workspaces: c.Workspaces}
}

// restore puts a carried-over finding of an unread workspace back.
func (e *entry) restore(w *model.Workspace) {
	action := e.Action
	if action == "" {
		action = model.ActionUpdate // what nearly all drift is, where it wasn't kept
	}
	if e.Kind == KindOutput {
		w.Outputs = append(w.Outputs, model.Output{Name: e.told(), Action: action, FirstSeen: e.First, LastSeen: e.last()})
		return
	}
	module, name, index := parts(e.Address, e.Type)
	w.Drift = append(w.Drift, model.Drift{
		Change: model.Change{Address: e.told(), Module: module, Mode: "managed", Type: e.Type, Name: name, Index: index, Deposed: e.Deposed, Action: action},
		// What it affects isn't known any more.
		FirstSeen: e.First, LastSeen: e.last(),
	})
}

// parts takes the address of a resource of a type apart. What it can't tell is
// empty.
func parts(address, typ string) (module, name string, index model.Value) {
	before, rest, ok := "", address, strings.HasPrefix(address, typ+".")
	if ok {
		rest = strings.TrimPrefix(address, typ+".")
	} else if before, rest, ok = strings.Cut(address, "."+typ+"."); !ok {
		return "", "", nil
	}
	name, key, indexed := strings.Cut(rest, "[")
	if key = strings.TrimSuffix(key, "]"); indexed && json.Valid([]byte(key)) {
		index = model.Value(key)
	}
	return before, name, index
}

// restoreObject puts a carried-over object back.
func (e *entry) restoreObject(r *model.Report) {
	if e.Kind == KindConflict {
		r.Conflicts = append(r.Conflicts, model.Conflict{Type: e.Type, ID: e.told(), Workspaces: e.Workspaces, FirstSeen: e.First})
		return
	}
	u := model.Unmanaged{Type: e.Type, ID: e.told(), Name: e.Name, Account: e.Account, Region: e.Region, FirstSeen: e.First, LastSeen: e.last()}
	if e.Identity != "" {
		u.Identity = json.RawMessage(e.Identity)
	}
	r.Unmanaged = append(r.Unmanaged, u)
}
