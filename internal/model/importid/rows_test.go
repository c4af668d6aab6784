package importid

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// evidence is a line of testdata/evidence.tsv: what the documentation says of a row.
type evidence struct {
	primaryIdentifier []string // from AWS's schema of the resource type
	listNeeds         []string // what that schema's list handler requires
	taggable          bool     // the same schema
	properties        map[string]string
	attributes        map[string]string // with properties: the parts of the documented import id
	known             []string          // the names used by the row that AWS's and the provider's schema have
	identity          []string          // the required attributes of the provider's resource identity
}

func readTestTable(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	if err := lines(name, string(text), columns, func(f []string) error { all = append(all, f); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func readEvidence(t *testing.T) map[string]evidence {
	t.Helper()
	all := map[string]evidence{}
	for _, f := range readTestTable(t, "evidence.tsv", 8) {
		all[f[0]] = evidence{
			primaryIdentifier: strings.Split(f[1], "|"), listNeeds: list(f[2], ","), taggable: f[3] == "yes",
			properties: pairs(f[4]), attributes: pairs(f[5]), known: list(f[6], ","), identity: list(f[7], ","),
		}
	}
	return all
}

// pairs reads name=value, separated by spaces.
func pairs(cell string) map[string]string {
	m := map[string]string{}
	for _, pair := range strings.Fields(cell) {
		name, value, _ := strings.Cut(pair, "=")
		m[name] = value
	}
	return m
}

// from answers from a map; where the object is, is as in the examples.
func from(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if where, ok := map[string]string{"@account": "123456789012", "@region": "us-west-2", "@partition": "aws"}[name]; ok {
			return where, true
		}
		value, ok := m[name]
		return value, ok
	}
}

func TestTablesAreRead(t *testing.T) {
	if _, err := read(awsTable, awsccTable); err != nil {
		t.Fatal(err)
	}
	if n := len(All()); n < 200 {
		t.Errorf("%d rows", n)
	}
	if n := len(AllCC()); n < 700 {
		t.Errorf("%d types without a row", n)
	}
}

// TestDocumentedImport holds each row to the import id that the provider's
// documentation gives: made from the identifier that Cloud Control would give,
// and from the attributes that a state would hold.
func TestDocumentedImport(t *testing.T) {
	documented := readEvidence(t)
	for _, row := range All() {
		e, ok := documented[row.Type]
		if !ok {
			t.Errorf("%s: no evidence", row.Type)
			continue
		}
		if !slices.Equal(row.Identifier, e.primaryIdentifier) {
			t.Errorf("%s: identifier %q, AWS has %q", row.Type, row.Identifier, e.primaryIdentifier)
		}
		if id, ok := row.ImportID(from(e.properties)); !ok || id != row.Example {
			t.Errorf("%s: from properties %q, documented is %q", row.Type, id, row.Example)
		}
		if id, ok := row.FromState(from(e.attributes)); !ok || id != row.Example {
			t.Errorf("%s: from the state %q, documented is %q", row.Type, id, row.Example)
		}

		// As Cloud Control gives it: the identifier's values joined, the rest from GetResource.
		values := make([]string, len(row.Identifier))
		for i, name := range row.Identifier {
			values[i] = e.properties[name]
		}
		properties, ok := row.Properties(strings.Join(values, "|"))
		for _, name := range row.Extra() {
			if value, ok := e.properties[name]; ok {
				properties[name] = value
			}
		}
		if id, made := row.ImportID(from(properties)); !ok || !made || id != row.Example {
			t.Errorf("%s: from the identifier %q and %q: %q", row.Type, values, row.Extra(), id)
		}
		for name := range e.properties {
			if !slices.Contains(row.Identifier, name) && !slices.Contains(row.Extra(), name) {
				t.Errorf("%s: nobody would ask for %s", row.Type, name)
			}
		}
	}
}

// TestTemplatesName holds templates to names that the schemas have.
func TestTemplatesName(t *testing.T) {
	documented := readEvidence(t)
	for _, row := range All() {
		for _, name := range slices.Concat(row.Import.Names(), row.State.Names()) {
			if !strings.HasPrefix(name, "@") && !slices.Contains(documented[row.Type].known, name) {
				t.Errorf("%s: neither property nor attribute: %s", row.Type, name)
			}
		}
		for _, form := range row.ARNs {
			for _, name := range form.ID.Names() {
				if name != "arn" && !strings.HasPrefix(name, "@") {
					t.Errorf("%s: an ARN has no %s", row.Type, name)
				}
			}
		}
	}
}

// otherThanIdentity are rows whose state template asks for other attributes
// than the provider's resource identity has.
var otherThanIdentity = map[string]string{
	"aws_cloudwatch_event_rule":               "the bus is optional in the identity",
	"aws_codebuild_fleet":                     "imported by name",
	"aws_ecs_task_definition":                 "imported by ARN",
	"aws_eip":                                 "the id is the allocation's",
	"aws_eks_identity_provider_config":        "the name stands in a block; the id is the import id",
	"aws_osis_pipeline":                       "the attribute is pipeline_name",
	"aws_route":                               "one of three destinations is optional in the identity",
	"aws_route_table_association":             "imported by what it joins",
	"aws_route53_record":                      "the set identifier is optional in the identity, and fqdn is exacter than name",
	"aws_s3control_multi_region_access_point": "the account is optional in the identity; the id is the import id",
	"aws_sagemaker_user_profile":              "imported by ARN",
	"aws_secretsmanager_secret_rotation":      "secret_id may be a name, the id is the ARN",
	"aws_securityhub_standards_subscription":  "the id is the ARN",
	"aws_sfn_activity":                        "the id is the ARN",
	"aws_ssm_maintenance_window_task":         "the id is the task's",
}

func TestStateAsksForIdentity(t *testing.T) {
	compared := 0
	for typ, e := range readEvidence(t) {
		row, _ := Lookup(typ)
		if len(e.identity) == 0 {
			continue
		}
		compared++
		asked, identity := row.State.Names(), slices.Sorted(slices.Values(e.identity))
		slices.Sort(asked)
		_, excused := otherThanIdentity[typ]
		if same := slices.Equal(asked, identity); same == excused {
			t.Errorf("%s: asks for %q, the identity has %q, excused %t", typ, asked, identity, excused)
		}
	}
	if compared < 190 {
		t.Errorf("only %d rows compared", compared)
	}
}

// arnByAnotherName are properties that hold an ARN and don't say so.
var arnByAnotherName = []string{
	"aws_iam_virtual_mfa_device", "aws_secretsmanager_secret", "aws_secretsmanager_secret_policy", "aws_secretsmanager_secret_rotation",
}

// TestARNsAreARNs: a property or attribute called an ARN is one, no other is.
func TestARNsAreARNs(t *testing.T) {
	named := regexp.MustCompile(`(Arn|ARN|^arn|_arn)$`)
	maybe := []string{"Cluster", "EventBusName", "StackId", "cluster", "function_name", "FunctionName", "id"} // name or ARN
	for typ, e := range readEvidence(t) {
		for _, m := range []map[string]string{e.properties, e.attributes} {
			for name, value := range m {
				_, isARN := splitARN(value)
				if isARN != named.MatchString(name) && !slices.Contains(maybe, name) && !slices.Contains(arnByAnotherName, typ) {
					t.Errorf("%s: %s = %s", typ, name, value)
				}
			}
		}
	}
}

// TestMissing: without any one of the values that aren't optional there is no id.
func TestMissing(t *testing.T) {
	for typ, e := range readEvidence(t) {
		row, _ := Lookup(typ)
		for _, c := range []struct {
			template Template
			values   map[string]string
		}{{row.Import, e.properties}, {row.State, e.attributes}} {
			for _, p := range c.template.parts {
				if len(p.alternatives) != 1 || strings.HasPrefix(p.alternatives[0].name, "@") {
					continue
				}
				less := maps.Clone(c.values)
				less[p.alternatives[0].name] = ""
				if id, ok := c.template.Make(from(less)); ok {
					t.Errorf("%s: without %s still %s", typ, p.alternatives[0].name, id)
				}
			}
		}
	}
}

// TestListing holds what ListResources is given to AWS's schemas.
func TestListing(t *testing.T) {
	documented := readEvidence(t)
	for _, row := range All() {
		e := documented[row.Type]
		var given []string
		for _, g := range row.Given {
			given = append(given, g.Property)
			if len(g.Values) == 0 && len(g.Parents) == 0 {
				t.Errorf("%s: nothing gives %s", row.Type, g.Property)
			}
		}
		for _, need := range e.listNeeds {
			if !slices.Contains(given, need) {
				t.Errorf("%s: listing needs %s", row.Type, need)
			}
		}
		checkGiven(t, row.Type, row.Given)
		if row.Taggable != e.taggable {
			t.Errorf("%s: taggable %t, AWS says %t", row.Type, row.Taggable, e.taggable)
		}
		if row.Scope != Regional && row.Scope != Global && row.Scope != Anywhere {
			t.Errorf("%s: scope %q", row.Type, row.Scope)
		}
	}
	for _, cc := range AllCC() {
		checkGiven(t, cc.Type, cc.Given)
		if cc.Scope != Regional && cc.Scope != Global && cc.Scope != Anywhere {
			t.Errorf("%s: scope %q", cc.Type, cc.Scope)
		}
	}
}

// bare are properties that nothing gives.
var bare = map[string]string{
	"awscc_appsync_resolver":                                                  "types of GraphQL have any names, and are no rows: each type of a schema would be an object",
	"awscc_appsync_source_api_association":                                    "two APIs at a time, not one",
	"awscc_cognito_identity_pool_principal_tag":                               "names of providers stand in lists of the pool",
	"awscc_eventschemas_schema":                                               "registries are known, but AWS's own has hundreds of schemas in each region",
	"awscc_greengrassv2_component_version":                                    "components are no type",
	"awscc_lakeformation_principal_permissions":                               "an object of one of several forms",
	"awscc_lakeformation_tag_association":                                     "an object of one of several forms",
	"awscc_lambda_layer_version":                                              "layers are no type, only their versions are",
	"awscc_notifications_managed_notification_account_contact_association":    "what AWS notifies of is no type",
	"awscc_notifications_managed_notification_additional_channel_association": "what AWS notifies of is no type",
	"awscc_qldb_stream":                                                       "ledgers can't be listed",
	"awscc_servicecatalog_service_action_association":                         "the artifacts of a product are one text",
	"awscc_ssm_service_setting":                                               "names of settings are no closed list",
	"awscc_sso_assignment":                                                    "everyone with each permission set in each account",
}

// TestBare: what nothing gives is known as such, so that a type isn't left out
// for want of a look at what it could be listed within.
func TestBare(t *testing.T) {
	for _, cc := range AllCC() {
		isBare := slices.ContainsFunc(cc.Given, func(g Given) bool { return len(g.Values) == 0 && len(g.Parents) == 0 })
		if _, excused := bare[cc.Type]; isBare != excused {
			t.Errorf("%s: given %v, excused %t", cc.Type, cc.Given, excused)
		}
	}
}

// checkGiven: a parent has to be listed itself.
func checkGiven(t *testing.T, typ string, given []Given) {
	t.Helper()
	for _, g := range given {
		for _, parent := range g.Parents {
			_, isRow := ByCloudFormation(parent.CloudFormation)
			_, isCC := CCByCloudFormation(parent.CloudFormation)
			if !isRow && !isCC || parent.Property == "" {
				t.Errorf("%s: the parent %q isn't listed", typ, parent)
			}
		}
	}
}

func TestNoDuplicates(t *testing.T) {
	seen := map[string]bool{}
	once := func(name string) {
		t.Helper()
		if seen[name] {
			t.Errorf("%s twice", name)
		}
		seen[name] = true
	}
	for _, row := range All() {
		once(row.Type)
		once(row.CloudFormation)
		if !strings.HasPrefix(row.Type, "aws_") || !strings.HasPrefix(row.CloudFormation, "AWS::") {
			t.Errorf("%s, %s", row.Type, row.CloudFormation)
		}
	}
	for _, cc := range AllCC() {
		once(cc.Type)
		once(cc.CloudFormation)
		if !strings.HasPrefix(cc.Type, "awscc_") || !strings.HasPrefix(cc.CloudFormation, "AWS::") {
			t.Errorf("%s, %s", cc.Type, cc.CloudFormation)
		}
		if _, ok := Lookup(cc.AWS); ok {
			t.Errorf("%s: %s has a row", cc.Type, cc.AWS)
		}
	}
	if !slices.IsSortedFunc(All(), func(a, b Row) int { return strings.Compare(a.Type, b.Type) }) {
		t.Error("rows aren't sorted by type")
	}
	if !slices.IsSortedFunc(AllCC(), func(a, b CC) int { return strings.Compare(a.CloudFormation, b.CloudFormation) }) {
		t.Error("types without a row aren't sorted")
	}
}

// TestARNsCovered: each row with an ARN has one in testdata/arns.tsv.
func TestARNsCovered(t *testing.T) {
	covered := map[string]bool{}
	for _, f := range readTestTable(t, "arns.tsv", 4) {
		for _, typ := range list(f[1], ",") {
			covered[typ] = true
		}
	}
	for _, row := range All() {
		if covered[row.Type] != (len(row.ARNs) > 0) {
			t.Errorf("%s: covered %t, %d patterns", row.Type, covered[row.Type], len(row.ARNs))
		}
	}
}
