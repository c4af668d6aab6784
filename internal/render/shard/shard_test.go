package shard

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// What is read back is tested where it is read, in fetch/report.

func some() (*model.Report, *secret.Set) {
	w := model.NewWorkspace("w")
	w.Drift = []model.Drift{{Change: model.Change{Address: "a.b", Attributes: []model.Attribute{{Path: "x", Before: model.Value(`"correct-horse"`)}}}}}
	r := model.NewReport(model.KindDrift, "")
	r.Workspaces = append(r.Workspaces, *w)
	secrets := &secret.Set{}
	secrets.Add("correct-horse")
	return r, secrets
}

// TestHead: the first line says what the file is, whoever can open it.
func TestHead(t *testing.T) {
	r, secrets := some()
	p := model.Part{Shard: 2, Of: 3, Show: model.ShowNames, Settings: map[string]string{"org": "acme"}, Partial: true}
	for tokens, want := range map[string]string{
		"":      `{"strandline_shard":1,"kind":"drift","shard":2,"of":3,"show":"names","settings":{"org":"acme"},"sealed":false,"marked":true,"partial":true}`,
		"token": `{"strandline_shard":1,"kind":"drift","shard":2,"of":3,"show":"names","settings":{"org":"acme"},"sealed":true,"marked":true,"partial":true}`,
	} {
		var b strings.Builder
		if err := Write(&b, r, p, secrets, strings.Fields(tokens)); err != nil {
			t.Fatal(err)
		}
		if head, _, _ := strings.Cut(b.String(), "\n"); head != want {
			t.Errorf("%s", head)
		}
	}
}

// TestReportStays: what is left out of an open file stays in the report.
func TestReportStays(t *testing.T) {
	r, secrets := some()
	for _, show := range []model.Show{model.ShowValues, model.ShowNames, model.ShowCounts} {
		if err := Write(&bytes.Buffer{}, r, model.Part{Shard: 1, Of: 1, Show: show}, secrets, nil); err != nil {
			t.Fatal(err)
		}
		if same, _ := some(); !reflect.DeepEqual(r, same) {
			t.Errorf("%s: writing changed it: %+v", show, r)
		}
	}
}

type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// TestWriteErrors: no error on the way is lost.
func TestWriteErrors(t *testing.T) {
	r, secrets := some()
	for _, tokens := range [][]string{nil, {"token"}} {
		var b bytes.Buffer
		if err := Write(&b, r, model.Part{Shard: 1, Of: 1}, secrets, tokens); err != nil {
			t.Fatal(err)
		}
		for room := 0; room < b.Len(); room += 7 {
			err := Write(&full{room}, r, model.Part{Shard: 1, Of: 1}, secrets, tokens)
			if room < b.Len()-64 && (err == nil || !strings.Contains(err.Error(), "disk full")) { // sealed ones differ in size by a little
				t.Fatalf("%d of %d bytes: %v", room, b.Len(), err)
			}
		}
	}
}
