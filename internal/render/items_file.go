package render

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// paste is a file to paste or to write, from one piece or several.
type paste struct {
	path   string
	pieces []string
}

// importFiles are the files that import a group into its workspace: as its own
// suggestions have them, else put together from what is suggested for each
// object.
func importFiles(own []model.Suggestion, g *objectGroup) []paste {
	var out files
	for i := range own {
		if own[i].Kind == kindImport {
			out.add(own[i].Files)
		}
	}
	if len(out.list) > 0 {
		return out.list
	}
	for _, u := range g.objects {
		if u.Suggestion != nil {
			out.add(u.Suggestion.Files)
		}
	}
	return out.list
}

// files collects files by path, in the order in which they come. What comes
// twice, with several objects, stands in them once.
type files struct {
	list []paste
	at   map[string]int
	seen map[model.File]bool
}

func (f *files) add(list []model.File) {
	if f.at == nil {
		f.at, f.seen = map[string]int{}, map[model.File]bool{}
	}
	for i := range list {
		if f.seen[list[i]] {
			continue
		}
		f.seen[list[i]] = true
		at, known := f.at[list[i].Path]
		if !known {
			at = len(f.list)
			f.at[list[i].Path] = at
			f.list = append(f.list, paste{path: list[i].Path})
		}
		f.list[at].pieces = append(f.list[at].pieces, list[i].Content)
	}
}

const kindImport = "import"

// pasteSections show files to paste, one item each.
func pasteSections(list []paste, limits Limits) []Section {
	if len(list) == 0 {
		return nil
	}
	return []Section{{
		Kind: KindSuggestion, Title: Text{plain("Configuration")}, Len: len(list), Line: RankSuggestion, Detail: RankSuggestionFile,
		Missing: counted("file", "files"),
		Item:    func(i int) Item { return list[i].item(limits) },
	}}
}

func (p *paste) item(limits Limits) Item {
	title := name(p.path)
	if p.path == "" {
		title = plain("Configuration")
	}
	return Item{Line: Text{title}, Hidden: "to paste", Detail: func() []Block {
		pieces := make([]string, len(p.pieces))
		for i, piece := range p.pieces {
			pieces[i] = strings.Trim(piece, "\r\n")
		}
		return []Block{fileBlock("hcl", strings.Join(pieces, "\n\n"), limits)}
	}}
}
