package markdown

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/render"
)

// block spells an item with its details.
func block(it *render.Item) string {
	var b strings.Builder
	b.WriteString("\n" + inline(it.Line) + "\n\n")
	for _, k := range it.Detail() {
		fence(&b, &k)
	}
	return b.String()
}

// fence puts a block between fences longer than any run of backticks in it, so
// that none of its lines ends it.
func fence(b *strings.Builder, k *render.Block) {
	marks := strings.Repeat("`", max(3, runIn(k.Lines)+1))
	b.WriteString(marks + k.Language + "\n")
	for _, line := range k.Lines {
		text := line.Text
		if k.Language == "diff" {
			text = strings.TrimRight(string(line.Op)+" "+text, " ")
		}
		b.WriteString(text + "\n")
	}
	b.WriteString(marks + "\n\n")
}

func runIn(lines []render.Line) int {
	longest := 0
	for _, line := range lines {
		longest = max(longest, longestRun(line.Text))
	}
	return longest
}
