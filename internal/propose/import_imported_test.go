package propose

import (
	"strings"
	"testing"
)

// TestImportImported leaves out what the configuration imports already, into
// whatever and in whatever number.
func TestImportImported(t *testing.T) {
	block := func(lines ...string) string { return "import {\n  " + strings.Join(lines, "\n  ") + "\n}\n" }
	const done, loop = "it is in the configuration already: `", "`, which is imported with for_each in `main.tf`, may be the same"
	for name, tc := range map[string]struct {
		file string // main.tf
		json string // more.tf.json
		want string // in why the queue q is left out or taken in; "" for nothing of either
	}{
		"a module":             {file: block(`to = module.m.aws_sqs_queue.z`, `id = "q"`), want: done + "module.m.aws_sqs_queue.z`"},
		"modules":              {file: block(`to = module.m["a"].module.n[0].aws_sqs_queue.z["b"]`, `id = "q"`), want: done + `module.m["a"].module.n[0].aws_sqs_queue.z["b"]`},
		"a module, in JSON":    {json: `{"import":[{"to":"module.m[\"a\"].aws_sqs_queue.z","id":"q"}]}`, want: done + `module.m["a"].aws_sqs_queue.z`},
		"another type":         {file: block(`to = module.aws_sqs_queue.aws_sns_topic.z`, `id = "q"`)},
		"a module, whole":      {file: block(`to = module.aws_sqs_queue`, `id = "q"`)},
		"a map":                {file: block(`for_each = { a = "q", b = "r" }`, `to = aws_sqs_queue.x[each.key]`, `id = each.value`), want: done + "aws_sqs_queue.x[each.key]`"},
		"a set":                {file: block(`for_each = toset(["p", "q"])`, `to = aws_sqs_queue.x[each.key]`, `id = each.key`), want: done + "aws_sqs_queue.x[each.key]`"},
		"a local":              {file: "locals {\n  ids = { a = \"q\" }\n}\n" + block(`for_each = local.ids`, `to = module.m[each.key].aws_sqs_queue.x`, `id = each.value`), want: done + "module.m[each.key].aws_sqs_queue.x`"},
		"a part of it":         {file: block(`for_each = toset(["q"])`, `to = aws_sqs_queue.x[each.key]`, `id = "a${each.key}"`)},
		"an identity":          {file: block(`for_each = { a = "u" }`, `to = aws_sqs_queue.x[each.key]`, `identity = { url = each.value }`), want: done + "aws_sqs_queue.x[each.key]`"},
		"a local alone":        {file: "locals {\n  id = \"q\"\n}\n" + block(`to = aws_sqs_queue.x`, `id = local.id`), want: done + "aws_sqs_queue.x`"},
		"nobody knows what":    {file: block(`for_each = var.ids`, `to = aws_sqs_queue.x[each.key]`, `id = each.value`), want: "; `aws_sqs_queue.x[each.key]" + loop},
		"nobody knows of each": {file: block(`for_each = toset(["q"])`, `to = aws_sqs_queue.x[each.key]`, `id = var.ids[each.key]`), want: "; `aws_sqs_queue.x[each.key]" + loop},
		"of another type":      {file: block(`for_each = var.ids`, `to = aws_sns_topic.x[each.key]`, `id = each.value`)},
		"a loop too much":      {file: block(`for_each = { for i in ["q"] : i => i }`, `to = aws_sqs_queue.x[each.key]`, `id = each.value`), want: "; `aws_sqs_queue.x[each.key]" + loop},
		"too long a template":  {file: block(`for_each = toset(["q"])`, `to = aws_sqs_queue.x[each.key]`, `id = "`+strings.Repeat("${each.key}", 21)+`"`), want: "; `aws_sqs_queue.x[each.key]" + loop},
		"too many blocks":      {file: strings.Repeat(block(`for_each = toset(["p"])`, `to = aws_sqs_queue.x[each.key]`, `id = each.key`), 200), want: "; `aws_sqs_queue.x[each.key]" + loop},
		"a set of a local":     {file: "locals {\n  ids = [\"q\"]\n}\n" + block(`for_each = toset(local.ids)`, `to = aws_sqs_queue.x[each.key]`, `id = each.key`), want: done + "aws_sqs_queue.x[each.key]`"},
		"no map":               {file: block(`for_each = 5`, `to = aws_sqs_queue.x[each.key]`, `id = each.value`), want: "; `aws_sqs_queue.x[each.key]" + loop},
	} {
		t.Run(name, func(t *testing.T) {
			folder := map[string][]byte{"main.tf": []byte(tc.file)}
			if tc.json != "" {
				folder["more.tf.json"] = []byte(tc.json)
			}
			objects := unmanaged(`aws_sqs_queue q {"account":"1","region":"us-east-1"}`)
			objects[0].Object.Identity = []byte(`{"url":"u"}`)
			a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}})
			why := objects[0].Suggestion.Why
			if isLeft := strings.HasPrefix(tc.want, done); len(a.Left) > 0 != isLeft || !strings.Contains(why, tc.want) || tc.want == "" && strings.Contains(why, ";") {
				t.Error(a.Left, why)
			}
		})
	}
}
