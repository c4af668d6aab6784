package planjson

// Of what stays as it is, a reader needs a little: which rule of a list it is
// whose port changes, and what the rule is for. So of an element of a list in
// which something changes, some of the leaves beside that are kept, and of the
// resource those that say what it is and does, which the judgement of risks in
// package model looks for too. What is sensitive, unknown, null or empty says
// nothing and is not kept.

// Limits of what is kept of one element, or of one attribute of the resource.
const (
	maxAround = 12  // leaves
	maxWithin = 4   // leaves of one object or list in it
	maxListed = 4   // elements of a list; of longer ones, nothing
	maxLeaf   = 256 // bytes of one value
)

// enter begins an element of a list in which something changes, and returns
// the room for unchanged leaves to go on with after it.
func (sp *splitter) enter() (outer int) {
	outer, sp.around = sp.around, maxAround
	return outer
}

// tells reports whether a top-level attribute by this name says what a resource
// is or does.
func tells(name []byte) bool {
	switch string(name) {
	case "name", "id", "identifier", "title", "bucket", "zone_id", "key", // what it is
		"type", "direction", "access", "egress", "action", "rule_action", "priority", "rule_number", "rule_no", // what a rule does
		"protocol", "ip_protocol", "from_port", "to_port", "port", "destination_port_range", // to which traffic
		"cidr_block", "cidr_ipv4", "cidr_ipv6", "source_address_prefix", "start_ip_address", // from where
		"acl", "role", "member", "principal", // to whom
		"allow", "deny": // blocks of Google's firewalls that say all of that
		return true
	}
	return false
}

// stays keeps the leaves of a member that is the same before and after, if they
// are of use. top: it is an attribute of the resource itself.
func (sp *splitter) stays(name []byte, top bool, b, a side) {
	if sp.inWhole || sp.spent > sp.budget || a.value != nil && string(a.value.raw) == `""` {
		return
	}
	if !top {
		room := sp.around
		if a.value.container() {
			sp.around = min(room, maxWithin)
		}
		given := sp.around
		sp.keepStill(b, a)
		sp.around += room - given
		return
	}
	if tells(name) {
		outer := sp.enter()
		sp.keepStill(b, a)
		sp.around = outer
	}
}

// keepStill keeps the scalars of a value that is the same before and after, as
// far as there is room: those of objects at any depth, and of short lists,
// which are kept as a whole or not at all. It reports whether it kept all.
func (sp *splitter) keepStill(b, a side) bool {
	if sp.around == 0 || b.value.null() || a.value.null() || b.sensitive() || a.sensitive() || a.wholly() {
		return false
	}
	length := len(sp.path)
	switch a.value.kind {
	case '{':
		all := true
		eachMember(b, a, func(key []byte, b, a side) {
			if a.value.null() || string(a.value.raw) == `""` {
				return
			}
			sp.path = appendKey(sp.path, key)
			all = sp.keepStill(b, a) && all
			sp.path = sp.path[:length]
		})
		return all
	case '[':
		count, room := len(sp.keep.stays), sp.around
		for i := range a.length() {
			sp.path = appendIndex(sp.path, i)
			all := a.length() <= maxListed && sp.keepStill(b.item(i), a.item(i))
			sp.path = sp.path[:length]
			if !all {
				sp.keep.stays, sp.around = sp.keep.stays[:count], room
				return false
			}
		}
	default:
		if len(a.value.raw) > maxLeaf {
			return false
		}
		sp.around--
		sp.spent += length
		sp.keep.addUnchanged(sp.keep.intern(sp.path), a.value)
	}
	return true
}
