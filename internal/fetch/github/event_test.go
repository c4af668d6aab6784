package github_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// TestReadEvent reads testdata/events: a new case is a new file.
func TestReadEvent(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var tt struct {
				Event   string
				Payload json.RawMessage
				Want    github.Event
				Fails   string
			}
			if err := json.Unmarshal(data, &tt); err != nil {
				t.Fatal(err)
			}
			got, err := github.ReadEvent(tt.Event, strings.NewReader(string(tt.Payload)))
			if tt.Fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.Fails) || userfault.Hint(err) == "" {
					t.Fatalf("error %v, want %q and a hint", err, tt.Fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.Want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadEventBrokenFile(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"empty":      strings.NewReader(""),
		"truncated":  strings.NewReader(`{"pull_request":{"number":7`),
		"binary":     strings.NewReader("\x00\x01\x02"),
		"unreadable": iotest.ErrReader(errors.New("input/output error")),
		"endless":    endless{},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := github.ReadEvent("pull_request", r)
			if err == nil || userfault.Hint(err) == "" {
				t.Errorf("error %v (hint %q), want one with a hint", err, userfault.Hint(err))
			}
		})
	}
}

// endless is white space without end, which JSON allows before a value.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
