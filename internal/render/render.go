// Package render holds what every output format shares: what a report says and
// in which order, in words, as diffs, and within a size. It knows no format.
//
// Before it comes a finished model.Report; nothing else is read. New turns it
// into a Document: a verdict, warnings, a table and sections, made of Text
// (our words and other people's, told apart), of items that are built when
// they are asked for, and of diff lines. After it come the packages below it:
// markdown, text, html and sarif decide how that looks, jsonout needs none of
// it, and Fit decides what is left out where a format has a size limit.
//
// Words from outside (names, values, messages) reach a format in two ways
// only: as a Span whose Style says so, which the format must make inert, and
// as diff lines that have been through Visible, so that no control, invisible
// or bidirectional character is left in them.
package render

// Options are what the caller decides about a rendering.
type Options struct {
	Budget     int    // size limit of the result, in bytes; 0: none
	SummaryURL string // http(s) address of the full report, for what is left out; "": unknown
	Width      int    // columns of a terminal; 0: 80
	Color      bool   // text only: with ANSI colours
}
