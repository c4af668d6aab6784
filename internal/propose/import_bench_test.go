package propose

import (
	"fmt"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// BenchmarkSuggestions suggests what `unmanaged` shows of many like objects.
func BenchmarkSuggestions(b *testing.B) {
	var lines []string
	for i := range 10000 {
		lines = append(lines, fmt.Sprintf(`aws_sqs_queue q%d {"name":"q%d","pad":"zzzzzzzzzz"}`, i, i))
	}
	objects := unmanaged(lines...)
	targets := []Target{{Name: "w", Profile: model.Profile{Workspace: "w", Resources: 1, Types: map[string]int{"aws_sqs_queue": 1}}}}
	for b.Loop() {
		Imports(objects, ImportOptions{Workspaces: targets})
	}
}
