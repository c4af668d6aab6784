package render

import (
	"math"
	"testing"
)

func TestDayOf(t *testing.T) {
	for at, want := range map[string]string{
		"2026-11-02": "2026-11-02", "2026-11-02T03:04:05Z": "2026-11-02", "2026-11-02 x": "", "2026-13-02": "", "": "", "yesterday, that is": "", "2026-11-2": "",
	} {
		if got := dayOf(at); got != want {
			t.Errorf("%q: %q", at, got)
		}
	}
}

func TestPercent(t *testing.T) {
	for p, want := range map[float64]string{0: "0 %", 88.4: "88.4 %", 100: "100 %", 33.333: "33.3 %", -3: "0 %", 1e300: "100 %", math.Inf(-1): "0 %", math.NaN(): "0 %"} {
		if got := percent(p); got != want {
			t.Errorf("%v: %s", p, got)
		}
	}
}
