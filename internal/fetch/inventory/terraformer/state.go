package terraformer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/fetch/statefile"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// item is one resource of a state.
type item struct {
	object model.Object
	label  string // as terraformer made it: tfer--logs
}

// index finds attributes by TYPE.LABEL; nil where several folders have one of
// that address.
type index map[string]map[string]json.RawMessage

// readState reads the state of f; a broken one is a problem.
func (r *reading) readState(f *folder) {
	file, err := r.dir.Open(path.Join(f.path, stateFile))
	if err != nil {
		r.problem(f, "its state can't be opened", "")
		return
	}
	defer file.Close()
	_, err = statefile.Decode(file, r.secrets, func(m model.Managed) error {
		r.add(f, m)
		return nil
	})
	var broken *statefile.Error
	if errors.As(err, &broken) {
		r.problem(f, "its state is "+broken.Error(), broken.Hint)
	}
}

func (r *reading) add(f *folder, m model.Managed) {
	_, label, ok := strings.Cut(m.Address, m.Type+".")
	if !ok || m.Type == "" {
		return // no address of a resource: nothing that terraformer writes
	}
	o := model.Object{Source: name, Type: m.Type, Provider: shortProvider(m.Provider), ARN: m.ARN}
	if m.Identity != nil {
		o.Identity = model.Value(bytes.Clone(m.Identity))
	}
	attributes := details.Members(m.Attributes)
	for name, value := range attributes {
		attributes[name] = bytes.Clone(value)
	}
	if attributes == nil {
		attributes = map[string]json.RawMessage{}
	}
	if _, there := attributes["id"]; !there && m.ID != "" {
		attributes["id"], _ = json.Marshal(m.ID) // a string
	}
	o.Attributes = details.Object(attributes)
	if _, values := details.Secret(o.Type, o.Attributes); len(values) > 0 {
		r.secrets.Add(values...) // before any block is read: it may repeat them
	}
	details.Fill(&o, o.Attributes)
	if o.ID == "" && o.Identity == nil {
		return // terraformer could not read it
	}
	f.items = append(f.items, item{o, label})
	address := m.Type + "." + label
	f.known[address] = attributes
	if _, twice := r.all[address]; twice {
		attributes = nil
	}
	r.all[address] = attributes
}

// shortProvider returns a provider's source address as model.Object has it.
func shortProvider(source string) string {
	parts := strings.Split(source, "/")
	if len(parts) != 3 {
		return source
	}
	if parts[1] == "hashicorp" {
		return parts[2]
	}
	return parts[1] + "/" + parts[2]
}

// hand gives the objects of f to yield.
func (r *reading) hand(ctx context.Context, f *folder, yield func(model.Object) error) error {
	if len(f.items) == 0 {
		return nil
	}
	blocks := r.readBlocks(f)
	for _, it := range f.items {
		if err := ctx.Err(); err != nil {
			return err
		}
		o := it.object
		if o.Name == "" {
			o.Name = decode(it.label)
		}
		provider, _, _ := strings.Cut(o.Type, "_")
		place(f, blocks.regions[provider], &o)
		// Global services are written into the folder of each region.
		key := o.Type + "\x00" + o.ARN
		if o.ARN == "" {
			key = o.Type + "\x00" + o.ID + "\x00" + o.Account + "\x00" + o.Region + "\x00" + string(o.Identity)
		}
		if _, again := r.seen[key]; again {
			continue
		}
		r.seen[key] = struct{}{}
		r.types[o.Type] = struct{}{}
		blocks.describe(&o, it.label)
		details.WithholdKnown(&o, r.secrets)
		details.LeaveOut(&o, secretNames(&o, r.secrets))
		if err := yield(o); err != nil {
			return err
		}
	}
	return nil
}

// region is how regions of AWS, Google Cloud and the like are spelled.
var region = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-?[0-9]+$`)

// place sets the region that the object's own attributes don't tell:
// the folder's, else that of the provider's configuration.
func place(f *folder, configured string, o *model.Object) {
	if o.Region != "" || o.ARN != "" { // an ARN without one: it is global
		return
	}
	for _, part := range slices.Backward(strings.Split(f.path, "/")) {
		if region.MatchString(part) {
			o.Region = part
			return
		}
	}
	if region.MatchString(configured) {
		o.Region = configured
	}
}

// secretNames returns the top-level attributes in which a value is known to be
// secret.
func secretNames(o *model.Object, secrets *secret.Set) []string {
	var out []string
	for name, value := range details.Members(o.Attributes) {
		if slices.ContainsFunc(details.Leaves(model.Value(value)), secrets.Whole) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
