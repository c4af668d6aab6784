package render

// Style says what a piece of text is, and with it how far it is trusted.
type Style int

// The styles of a Span.
const (
	Plain   Style = iota // the program's own words
	Strong               // the program's own words, to be noticed
	Words                // a sentence that was not written here: Terraform's, a policy's, anybody's
	Code                 // a name or value from outside
	Name                 // the same, and what the line is about
	Mention              // somebody to notify, in a standing document; a format that notifies nobody takes it for Code
)

// Span is a piece of Text. What is not Plain or Strong comes from outside: a
// format must make it inert, and pass it through Visible.
type Span struct {
	Style Style
	Text  string
	URL   string // Code and Name: where it leads; as it came, see SafeURL
}

// Text is one line of a report.
type Text []Span

// How much of a name and of a sentence from outside a line shows, in
// characters.
const (
	maxName  = 200
	maxWords = 400
)

func plain(s string) Span  { return Span{Style: Plain, Text: s} }
func strong(s string) Span { return Span{Style: Strong, Text: s} }
func words(s string) Span  { return Span{Style: Words, Text: cut(s, maxWords)} }
func code(s string) Span   { return Span{Style: Code, Text: cut(s, maxName)} }
func name(s string) Span   { return Span{Style: Name, Text: cut(s, maxName)} }

func link(s, url string) Span { return Span{Style: Code, Text: cut(s, maxName), URL: url} }

// cut leaves the middle of a long text out.
func cut(s string, limit int) string {
	head, tail, left := shorten(s, limit)
	if left == 0 {
		return s
	}
	return head + ellipsis + tail
}

// join puts the program's own separator between texts.
func join(separator string, texts ...Text) Text {
	var out Text
	for _, t := range texts {
		if len(t) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, plain(separator))
		}
		out = append(out, t...)
	}
	return out
}
