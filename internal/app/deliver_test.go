package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/config"
)

// The log of a workflow is read for commands, a file is not: there the report
// has to be what it is.
func TestReportIsGuardedOnlyInTheLog(t *testing.T) {
	const line = "::error::x\n"
	file, err := os.Create(filepath.Join(t.TempDir(), "report"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var log strings.Builder
	cfg := &config.Config{Format: config.FormatText, GitHub: config.GitHub{Actions: true}}
	if _, err := (&program{stdout: file}).report(cfg).Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if _, err := (&program{stdout: &log}).report(cfg).Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file.Name()); string(got) != line {
		t.Errorf("the file holds %q", got)
	}
	if strings.HasPrefix(log.String(), "::") {
		t.Errorf("the log has %q", log.String())
	}
}
