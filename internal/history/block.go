package history

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// version is that of the block. A program that meets a later one leaves the
// issue alone.
const version = 1

// The block is one line: a comment that no renderer shows, which holds the
// version, a checksum, and the book as compressed JSON in base64. That alphabet
// has no hyphen, so nothing in it can end the comment.
const (
	blockStart = "<!-- strandline-history "
	blockEnd   = " -->"
)

// maxText bounds what a block is inflated to, in bytes: a hundred times what a
// body has room for, and a tenth of what one that was made to harm can hold.
const maxText = 6 << 20

// page is the book in the block.
type page struct {
	Dropped int     `json:"dropped,omitempty"`
	Since   string  `json:"since,omitempty"`
	Entries []entry `json:"entries"`
}

// Parse reads the book from the body of an issue; "" is that of an issue that
// does not exist yet. Of several blocks the first counts, so Block belongs
// above everything in the body that strangers have a part in. Line ends and
// the text around it don't matter.
//
// Where the body has no block or a broken one, the book is empty and damaged,
// which Apply tells in the report. A block of a later version is an error: the
// issue must not be written then, or what it holds is lost.
func Parse(body string) (b *Book, damaged bool, err error) {
	if strings.TrimSpace(body) == "" {
		return &Book{}, false, nil
	}
	ours, newer := parse(body)
	switch {
	case newer != "":
		return nil, false, userfault.New("use that version here too: the issue is left as it is",
			"the issue was written by a later version of strandline (history %.20s, this one knows %d)", newer, version)
	case ours == nil:
		return &Book{damaged: true}, true, nil
	}
	return ours, false, nil
}

// parse returns the book of the first block in body, nil where that is no
// block, or the version where that is a later one.
func parse(body string) (b *Book, newer string) {
	for line := range strings.Lines(body) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), blockStart)
		if !ok {
			continue
		}
		rest, ok = strings.CutSuffix(rest, blockEnd)
		fields := strings.Fields(rest)
		if len(fields) > 0 {
			if n, err := strconv.Atoi(fields[0]); err == nil && n > version {
				return nil, fields[0]
			}
		}
		if !ok || len(fields) != 3 || fields[0] != strconv.Itoa(version) || fields[1] != checksum(fields[2]) {
			return nil, ""
		}
		return decode(fields[2]), ""
	}
	return nil, ""
}

// checksum notices what an editor or a hand did to the block. It is no
// signature: whoever may edit the issue may also write a block.
func checksum(data string) string {
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:8])
}

// decode reads a book back; nil where data is none.
func decode(data string) *Book {
	packed, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxText+1))
	if err != nil || len(text) > maxText {
		return nil
	}
	var p page
	if json.Unmarshal(text, &p) != nil || p.Dropped < 0 || p.Dropped > 0 && !isDay(p.Since) {
		return nil
	}
	b := &Book{dropped: p.Dropped, since: p.Since}
	for _, e := range p.Entries {
		if !isDay(e.First) || e.Last != "" && !isDay(e.Last) || e.Identity != "" && !json.Valid([]byte(e.Identity)) || len(e.Hashes)%keySize != 0 {
			return nil
		}
		if len(e.Hashes) == 0 {
			b.entries = append(b.entries, e)
		}
		for hash := range slices.Chunk(e.Hashes, keySize) {
			one := e
			one.Hashes = hash
			b.entries = append(b.entries, one)
		}
	}
	return b
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Block writes the book as one line of at most limit bytes, the same bytes for
// the same book. It is "" where not even an empty book has room.
//
// Where there are too many findings for limit, only a hash of each is kept,
// with the day it was first seen: enough to know it again. Where there are too
// many for that, the newest are left out; the book then knows that there were
// more, and how many, so that they don't seem to be new the next time. With
// model.ShowCounts, which tells no addresses, there are only hashes from the
// start.
func (b *Book) Block(limit int, show model.Show) string {
	entries := slices.Clone(b.entries)
	slices.SortFunc(entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.First, y.First), slices.Compare(x.order(), y.order()))
	})
	if show != model.ShowCounts {
		if block := encode(page{b.dropped, b.since, whole(entries)}); len(block) <= limit {
			return block
		}
	}
	with := func(n int) string {
		p := page{b.dropped + len(entries) - n, b.since, hashes(entries[:n])}
		if n < len(entries) && (p.Since == "" || b.dropped == 0 || entries[n].First < p.Since) {
			p.Since = entries[n].First
		}
		return encode(p)
	}
	if block := with(len(entries)); len(block) <= limit {
		return block
	}
	// The size all but grows with n; where it does not, the loop corrects it.
	n := sort.Search(len(entries), func(n int) bool { return len(with(n)) > limit })
	for ; n >= 0; n-- {
		if block := with(n); len(block) <= limit {
			return block
		}
	}
	return ""
}

// order is what entries of one day are sorted by.
func (e *entry) order() []string {
	id := e.identity()
	return append(id[:], string(e.Hashes))
}

// whole packs entries with all that is known of them.
func whole(entries []entry) []entry {
	known, hashed := []entry{}, []entry{}
	for _, e := range entries {
		if e.compact() {
			hashed = append(hashed, e)
			continue
		}
		if e.Last == e.First {
			e.Last = ""
		}
		known = append(known, e)
	}
	return append(known, hashes(hashed)...)
}

// hashes packs entries by what they have in common: the workspace or the type
// and place of an object, and the day.
func hashes(entries []entry) []entry {
	groups := map[[7]string][]byte{}
	for i := range entries {
		e := &entries[i]
		group := [7]string{e.First, string(e.Kind), e.Organization, e.Workspace, "", e.Account, e.Region}
		if e.ofObject() {
			group[4] = e.Type
		}
		groups[group] = binary.BigEndian.AppendUint32(groups[group], uint32(e.key()))
	}
	out := []entry{}
	for g, keys := range groups {
		sorted := slices.SortedFunc(slices.Chunk(keys, keySize), bytes.Compare)
		out = append(out, entry{First: g[0], Kind: Kind(g[1]), Organization: g[2], Workspace: g[3], Type: g[4], Account: g[5], Region: g[6],
			Hashes: slices.Concat(sorted...)})
	}
	slices.SortFunc(out, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.First, y.First), slices.Compare(x.order(), y.order()))
	})
	return out
}

func encode(p page) string {
	var packed bytes.Buffer
	// Neither can fail: the level is valid, and the buffer takes everything.
	z, _ := flate.NewWriter(&packed, flate.BestCompression)
	_ = json.NewEncoder(z).Encode(p)
	_ = z.Close()
	data := base64.StdEncoding.EncodeToString(packed.Bytes())
	return blockStart + strconv.Itoa(version) + " " + checksum(data) + " " + data + blockEnd
}
