package match

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// idForm is a line of ids.tsv: by what a type's objects are imported where
// that isn't the id in the state, as the provider's documentation of the type
// has it, and what Cloud Control calls those of importid's types without a row.
// Types that importid has a row of need one only for what is said of them
// beside it. Its columns are the type; as, another type that these are
// ids of; ids, importid's templates over the attributes in the state, with
// spaces between them; apart, a pattern that takes a documented id apart, with
// the names of the attributes; and between, what parts the values of the last.
type idForm struct {
	as      string
	made    []importid.Template
	apart   *regexp.Regexp
	between string
}

func (f *facts) readID(c []string) error {
	form := idForm{as: c[1], between: c[4]}
	for _, text := range strings.Fields(c[2]) {
		t, err := importid.ParseTemplate(text)
		if err != nil {
			return err
		}
		form.made = append(form.made, t)
	}
	if c[3] != "" {
		var err error
		if form.apart, err = regexp.Compile(c[3]); err != nil {
			return err
		}
	}
	if form.made == nil && form.apart == nil {
		return fmt.Errorf("nothing is said of %s", c[0])
	}
	f.ids[c[0]] = append(f.ids[c[0]], form)
	return nil
}

// idForms are the lines about a kind: about awscc_* types there are none, whose
// ids and attributes are others.
func (k *kind) idForms() []idForm {
	if k.cc {
		return nil
	}
	return knowledge().ids[k.name]
}

// furtherIDs calls yield with the ids by which an object is imported and that
// neither the row of its type nor its state's id tells, and with the name of
// the kind whose ids they are.
func (k *kind) furtherIDs(attribute func(string) (string, bool), yield func(kind, id string)) {
	for _, form := range k.idForms() {
		of := cmp.Or(form.as, k.name)
		for _, t := range form.made {
			if id, ok := t.Make(attribute); ok {
				yield(of, id)
			}
		}
	}
}

// takeApart reads attributes off an id, nil where it tells none.
func (k *kind) takeApart(id string) map[string]any {
	if strings.HasPrefix(id, "arn:") { // FromARN knows those
		return nil
	}
	for _, form := range k.idForms() {
		if form.apart == nil {
			continue
		}
		found := form.apart.FindStringSubmatch(id)
		if found == nil {
			continue
		}
		out := map[string]any{}
		for i, name := range form.apart.SubexpNames() {
			switch {
			case i == 0 || found[i] == "":
			case form.between == "" || i < len(found)-1:
				out[name] = network(found[i])
			case name == "peers":
				addPeers(out, strings.Split(found[i], form.between))
			default:
				for _, v := range strings.Split(found[i], form.between) {
					add(out, name, v)
				}
			}
		}
		return out
	}
	return nil
}

// add appends v to a list.
func add(to map[string]any, name, v string) {
	list, _ := to[name].([]any)
	to[name] = append(list, v)
}

// network writes a range of addresses as AWS does, ::0/0 as ::/0; what is none
// stays as it is.
func network(text string) string {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.String()
	}
	return text
}

// tail is what follows the kind of thing in an ARN: of most services the name,
// by which many types are imported whose state has the ARN as id.
func tail(arn string) string {
	if !strings.HasPrefix(arn, "arn:") {
		return ""
	}
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 {
		return ""
	}
	return f[5][strings.IndexAny(f[5], "/:")+1:]
}
