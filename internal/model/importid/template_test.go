package importid

import (
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	const service = "arn:aws:ecs:us-east-1:123456789012:service/prod/web"
	for _, tc := range []struct{ template, values, want string }{
		{"{A}", "A=x", "x"},
		{"{A}", "B=x", "-"},
		{"{A}", "A=", "-"},
		{"", "A=x", "-"},
		{"{A}:{B}", "A=x B=y", "x:y"},
		{"{A}:{B}", "A=x", "-"},
		{"{A/B}", "A/B=x", "x"},
		{"{A|B}", "A=x B=y", "x"},
		{"{A|B}", "B=y", "y"},
		{`{A|"default"}/{B}`, "B=y", "default/y"},
		{`{A|"default"}/{B}`, "A=x B=y", "x/y"},
		{"{A}[_{B}]", "A=x B=y", "x_y"},
		{"{A}[_{B}]", "A=x", "x"},
		{"{A}[_{B}]", "A=x B=", "x"},
		{"[{B}]{A}", "A=x", "x"},
		{"{A}/[{B}]", "A=x", "x/"},
		{"{A}[:{B}[/{C}]]", "A=x B=y", "x:y"},
		{"{A}[:{B}[/{C}]]", "A=x C=z", "x"},
		{"{A:name}", "A=" + service, "web"},
		{"{A:name}", "A=web", "web"},
		{"{A:name}", "A=web/", "-"},
		{"{A:tail}", "A=" + service, "prod/web"},
		{"{A:tail}", "A=arn:aws:s3:::logs", "logs"},
		{"{A:1}-{A:2}-{A:3}", "A=" + service, "service-prod-web"},
		{"{A:4}", "A=" + service, "-"},
		{"{A:2}", "A=cluster/group", "group"},
		{"{A:2}", "A=arn:aws:cassandra:r:a:/keyspace/k/", "k"},
		{"{A:dns}", `A=\052.Example.COM.`, "*.example.com"},
		{"{A:dns}", "A=.", "-"},
		{"{A}[:{B:-$LATEST}]", "A=f B=$LATEST", "f"},
		{"{A}[:{B:-$LATEST}]", "A=f B=live", "f:live"},
		{"arn:{@partition}:x", "@partition=aws-cn", "arn:aws-cn:x"},
	} {
		template, err := ParseTemplate(tc.template)
		if err != nil {
			t.Errorf("%s: %v", tc.template, err)
			continue
		}
		values := pairs(tc.values)
		got, ok := template.Make(func(name string) (string, bool) { v, ok := values[name]; return v, ok })
		if !ok {
			got = "-"
		}
		if got != tc.want || template.String() != tc.template {
			t.Errorf("%s of %s: %s, want %s", tc.template, tc.values, got, tc.want)
		}
	}
}

func TestTemplateRefuses(t *testing.T) {
	for _, text := range []string{"{A", "{}", "{A:nosuch}", "{A:0}", "{A:12}", "{A:-}", "[{A}", "{A}]", "{A|}", "{:name}"} {
		if _, err := ParseTemplate(text); err == nil || !strings.Contains(err.Error(), "template "+text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const head = "\t\t\t\t\t\t\t\t\t\t\n"
	const row = "aws_x\tAWS::X::Y\tId\t{Id}\t{id}\t\t\tregional\tyes\tx:y/* {arn}\tz\n"
	for _, tc := range []struct{ old, new, want string }{
		{"\tz\n", "\n", "10 columns"},
		{"{Id}", "{Id", "aws.tsv:2: template {Id"},
		{"{id}", "{id:no}", "aws.tsv:2: template {id:no}"},
		{"{arn}", "{arn:no}", "aws.tsv:2: template {arn:no}"},
		{"\t\t\tregional", "\tA<AWS::X::Z\t\tregional", "no property of AWS::X::Z"},
	} {
		_, err := read(head+strings.Replace(row, tc.old, tc.new, 1), "\t\t\t\t\n")
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q for %q: %v, want %s", tc.new, tc.old, err, tc.want)
		}
	}
	if _, err := read(head+row, "\t\t\t\t\n"); err != nil {
		t.Errorf("the sound row: %v", err)
	}
	if _, err := read(head+row, "\t\t\t\t\na\tb\tP<c\t\t\n"); err == nil || !strings.Contains(err.Error(), "awscc.tsv:2") {
		t.Errorf("awscc.tsv: %v", err)
	}
}
