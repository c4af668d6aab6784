package markdown

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/render"
)

// block spells an item with its details.
func block(it *render.Item) string {
	var b strings.Builder
	b.WriteString("\n" + inline(it.Line) + "\n\n")
	if it.Detail != nil {
		fences(&b, it.Detail())
	}
	return b.String()
}

// folded spells what an item has folded.
func folded(it *render.Item) string {
	var b strings.Builder
	b.WriteString(details(escapeHTML(it.Fold), false))
	for _, k := range it.Folded() {
		if k.Detail == nil {
			b.WriteString("- " + inline(k.Line) + "\n")
			continue
		}
		b.WriteString(block(&k))
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// details begins a fold; summary is HTML.
func details(summary string, open bool) string {
	tag := "<details>"
	if open {
		tag = "<details open>"
	}
	return tag + "<summary>" + summary + "</summary>\n\n"
}

func fences(b *strings.Builder, blocks []render.Block) {
	for i := range blocks {
		fence(b, &blocks[i])
	}
}

// fence puts a block between fences longer than any run of backticks in it, so
// that none of its lines ends it.
func fence(b *strings.Builder, k *render.Block) {
	marks := strings.Repeat("`", max(3, runIn(k.Lines)+1))
	language := k.Language
	if language == "patch" {
		language = "diff"
	}
	b.WriteString(marks + language + "\n")
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
