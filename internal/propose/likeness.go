package propose

// evidence is what the comparison of two objects has found. Leaves are
// comparable that are known on both sides, or on one side and absent, with
// certainty, on the other.
type evidence struct {
	equal, differ int  // comparable leaves
	distinct      int  // equal ones that hardly agree by chance
	named         bool // an equal one is the object's own name
	conflict      bool // one that differs tells objects apart
}

// grade says how far the values alone speak for a move.
type grade int

const (
	none  grade = iota
	bare        // nothing distinctive is known of the two, and nothing differs
	weak        // all is equal, but it is little
	sound       // mostly equal
)

// grade: no identifying attribute differs (another bucket name is another
// bucket), and at least three quarters of the comparable leaves are equal,
// among them the object's own name or two values that hardly agree by chance.
// With less than that to compare, all of it must be equal.
func (e *evidence) grade() grade {
	const quarters = 3
	switch {
	case e.conflict:
		return none
	case 4*e.equal >= quarters*(e.equal+e.differ) && (e.named || e.distinct > 1):
		return sound
	case e.differ > 0:
		return none
	case e.distinct > 0:
		return weak
	}
	return bare
}

// compare compares what is destroyed with what is created. It stops at the
// first conflict.
func compare(d, c *object) evidence {
	var e evidence
	walk(d, c, func(path, before, after string) bool {
		if before != after {
			e.differ++
			e.conflict = identifies(path)
			return !e.conflict
		}
		e.equal++
		if isDistinctive(before) {
			e.distinct++
			e.named = e.named || names(d.change.Type, path)
		}
		return true
	})
	return e
}

// differences returns the paths of the comparable leaves that differ.
func differences(d, c *object) []string {
	var out []string
	walk(d, c, func(path, before, after string) bool {
		if before != after {
			out = append(out, path)
		}
		return true
	})
	return out
}

// walk calls do for each comparable leaf, with "" for an absent value, until
// do returns false.
func walk(d, c *object, do func(path, before, after string) bool) {
	x, y := d.leaves, c.leaves
	for len(x) > 0 || len(y) > 0 {
		ok := true
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].path < y[0].path:
			if l := x[0]; l.value != "" && !isZero(l.value) && !c.hides(l.path) {
				ok = do(l.path, l.value, "")
			}
			x = x[1:]
		case len(x) == 0 || y[0].path < x[0].path:
			if l := y[0]; l.value != "" && !isZero(l.value) && !d.hides(l.path) {
				ok = do(l.path, "", l.value)
			}
			y = y[1:]
		default:
			if x[0].value != "" && y[0].value != "" {
				ok = do(x[0].path, x[0].value, y[0].value)
			}
			x, y = x[1:], y[1:]
		}
		if !ok {
			return
		}
	}
}
