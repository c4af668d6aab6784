package importid

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed aws.tsv
var awsTable string

//go:embed awscc.tsv
var awsccTable string

// index holds both tables and how to find a line of them.
type index struct {
	rows                     []Row
	byType, byCloudFormation map[string]int
	ccs                      []CC
	ccByType                 map[string]int
	ccByCloudFormation       map[string]int
}

// tables are read when first asked for. They are part of the program, so that
// there is no error is for the tests to hold.
var tables = sync.OnceValue(func() *index {
	x, _ := read(awsTable, awsccTable)
	return x
})

// read reads aws.tsv and awscc.tsv.
func read(aws, awscc string) (*index, error) {
	x := &index{
		byType: map[string]int{}, byCloudFormation: map[string]int{},
		ccByType: map[string]int{}, ccByCloudFormation: map[string]int{},
	}
	err := lines("aws.tsv", aws, 11, func(f []string) error {
		row, err := readRow(f)
		x.byType[row.Type], x.byCloudFormation[row.CloudFormation] = len(x.rows), len(x.rows)
		x.rows = append(x.rows, row)
		return err
	})
	if err != nil {
		return x, err
	}
	for i, row := range x.rows {
		for _, also := range row.Also {
			if _, own := x.byType[also]; !own {
				x.byType[also] = i
			}
		}
	}
	return x, lines("awscc.tsv", awscc, 5, func(f []string) error {
		given, err := readGiven(f[2])
		x.ccByCloudFormation[f[0]], x.ccByType[f[1]] = len(x.ccs), len(x.ccs)
		x.ccs = append(x.ccs, CC{CloudFormation: f[0], Type: f[1], Given: given, Scope: Scope(f[3]), AWS: f[4]})
		return err
	})
}

// lines calls yield with the columns of each line but the first, which names them.
func lines(name, table string, columns int, yield func(f []string) error) error {
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != columns {
			return fmt.Errorf("%s:%d: %d columns, not %d", name, i+1, len(f), columns)
		}
		if i == 0 {
			continue
		}
		if err := yield(f); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// readRow reads the columns of a line of aws.tsv.
func readRow(f []string) (Row, error) {
	row := Row{
		Type: f[0], CloudFormation: f[1], Identifier: strings.Split(f[2], "|"),
		Also: list(f[6], ","), Scope: Scope(f[7]), Taggable: f[8] == "yes",
		Example: f[10], Doc: strings.TrimPrefix(f[0], "aws_"),
	}
	var err error
	if row.Import, err = ParseTemplate(f[3]); err != nil {
		return row, err
	}
	if row.State, err = ParseTemplate(f[4]); err != nil {
		return row, err
	}
	if row.Given, err = readGiven(f[5]); err != nil {
		return row, err
	}
	for _, form := range list(f[9], ";") {
		pattern, id, _ := strings.Cut(form, " ")
		template, err := ParseTemplate(id)
		if err != nil {
			return row, err
		}
		row.ARNs = append(row.ARNs, ARNForm{Pattern: pattern, ID: template})
	}
	return row, nil
}

// readGiven reads what ListResources wants: Property=VALUE,VALUE or
// Property<Type.Property+Type.Property or, where nothing gives it, Property.
func readGiven(text string) ([]Given, error) {
	var all []Given
	for _, item := range list(text, ";") {
		g := Given{Property: item}
		if property, values, isFixed := strings.Cut(item, "="); isFixed {
			g = Given{Property: property, Values: strings.Split(values, ",")}
		} else if property, parents, isParent := strings.Cut(item, "<"); isParent {
			g = Given{Property: property}
			for _, parent := range strings.Split(parents, "+") {
				cloudFormation, from, ok := strings.Cut(parent, ".")
				if !ok {
					return nil, fmt.Errorf("%s: no property of %s", property, parent)
				}
				g.Parents = append(g.Parents, Parent{CloudFormation: cloudFormation, Property: from})
			}
		}
		all = append(all, g)
	}
	return all, nil
}

// list splits a cell; an empty one has no items.
func list(cell, separator string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, separator)
}
