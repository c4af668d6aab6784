package actions

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONWriterKeepsValuesAndStartsNoCommand(t *testing.T) {
	value := "##[error]a ###[b #[c ## [d ##"
	encoded, err := json.Marshal([]string{value})
	if err != nil {
		t.Fatal(err)
	}
	for size := 1; size <= len(encoded); size++ { // cut anywhere
		var b strings.Builder
		w := NewJSONWriter(&b)
		for i := 0; i < len(encoded); i += size {
			if _, err := w.Write(encoded[i:min(i+size, len(encoded))]); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(b.String(), "##[") {
			t.Errorf("writes of %d: a command in %s", size, b.String())
		}
		var got []string
		if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got[0] != value {
			t.Errorf("writes of %d: %q, %v", size, got, err)
		}
	}
}
