package propose

import (
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportRefersByName refers to what has a name only where that is a name
// for things of its sort: each service has its own clusters, and each region.
func TestImportRefersByName(t *testing.T) {
	for _, tc := range []struct{ line, other, want string }{
		// Of another service.
		{`aws_ecs_service main/web {"cluster":"main"}`, `aws_eks_cluster main {"name":"main"}`, `cluster = "main"`},
		{`aws_db_instance d {"parameter_group_name":"main"}`, `aws_elasticache_parameter_group main {"name":"main"}`, `parameter_group_name = "main"`},
		{`aws_db_instance d {"parameter_group_name":"main"}`, `aws_rds_cluster_parameter_group main {"name":"main"}`, `parameter_group_name = "main"`},
		{`aws_ecr_lifecycle_policy api {"repository":"api"}`, `aws_codecommit_repository api {"repository_name":"api"}`, `repository = "api"`},
		{`aws_rds_cluster c {"database_name":"main"}`, `aws_glue_catalog_database 1:main {"name":"main"}`, `database_name = "main"`},
		{`aws_scheduler_schedule admins/x {"group_name":"admins"}`, `aws_iam_group admins {"name":"admins"}`, `group_name = "admins"`},
		{`aws_cognito_user_in_group x {"group_name":"default"}`, `aws_iam_group default {"name":"default"}`, `group_name = "default"`},
		{`aws_quicksight_group_membership q {"group_name":"default"}`, `aws_iam_group default {"name":"default"}`, `group_name = "default"`},
		{`aws_mq_broker b-1 {"user":[{"groups":["default"]}]}`, `aws_iam_group default {"name":"default"}`, `groups = ["default"]`},
		{`aws_grafana_role_association g {"role":"admin"}`, `aws_iam_role admin {"name":"admin"}`, `role = "admin"`},
		{`aws_grafana_role_association g {"user_ids":["prod"]}`, `aws_iam_user prod {"name":"prod"}`, `user_ids = ["prod"]`},
		{`aws_grafana_role_association g {"role":"ci-20240101"}`, `aws_iam_role ci-20240101 {"name":"ci-20240101"}`, `role = "ci-20240101"`},
		// What it is called itself.
		{`aws_elasticache_user u {"user_name":"default"}`, `aws_elasticache_user default {"user_id":"default"}`, `user_name = "default"`},
		// Of the same service, by the whole name, or by one that only one service has.
		{`aws_ecs_service main/web {"cluster":"main"}`, `aws_ecs_cluster main {"name":"main"}`, `cluster = aws_ecs_cluster.main.name`},
		{`aws_db_instance d {"parameter_group_name":"main"}`, `aws_db_parameter_group main {"name":"main"}`, `parameter_group_name = aws_db_parameter_group.main.name`},
		{`aws_rds_cluster c {"parameter_group_name":"main"}`, `aws_db_parameter_group main {"name":"main"}`, `parameter_group_name = aws_db_parameter_group.main.name`},
		{`aws_rds_cluster c {"db_subnet_group_name":"main"}`, `aws_db_subnet_group main {"name":"main"}`, `db_subnet_group_name = aws_db_subnet_group.main.name`},
		{`aws_ecr_lifecycle_policy api {"repository":"api"}`, `aws_ecr_repository api {"name":"api"}`, `repository = aws_ecr_repository.api.name`},
		{`aws_lambda_permission p {"function_name":"api"}`, `aws_lambda_function api {"function_name":"api"}`, `function_name = aws_lambda_function.api.id`},
		{`aws_iam_instance_profile p {"role":"admin"}`, `aws_iam_role admin {"name":"admin"}`, `role = aws_iam_role.admin.name`},
		{`aws_instance i {"iam_instance_profile":"web"}`, `aws_iam_instance_profile web {"name":"web"}`, `iam_instance_profile = aws_iam_instance_profile.web.name`},
		{`aws_ssm_activation a {"iam_role":"admin"}`, `aws_iam_role admin {"name":"admin"}`, `iam_role = aws_iam_role.admin.name`},
		{`aws_cloudwatch_event_target t {"rule":"hourly"}`, `aws_cloudwatch_event_rule hourly {"name":"hourly"}`, `rule = aws_cloudwatch_event_rule.hourly.name`},
		{`aws_flow_log l {"log_group_name":"/app"}`, `aws_cloudwatch_log_group /app {"name":"/app"}`, `log_group_name = aws_cloudwatch_log_group.app.name`},
		{`aws_lb l {"access_logs":[{"bucket":"logs"}]}`, `aws_s3_bucket logs {"bucket":"logs"}`, `bucket = aws_s3_bucket.logs.bucket`},
		{`shore_node n {"network":"core"}`, `shore_network core {"name":"core"}`, `network = shore_network.core.name`},
		// Of another service, but by an id that no two things have.
		{`aws_appsync_graphql_api a {"user_pool_id":"eu-west-1_aBcD12345"}`, `aws_cognito_user_pool eu-west-1_aBcD12345 {"name":"shop"}`, `user_pool_id = aws_cognito_user_pool.shop.id`},
		{`aws_vpn_connection v {"transit_gateway_id":"tgw-0123456789abcdef0"}`, `aws_ec2_transit_gateway tgw-0123456789abcdef0 {"description":"t"}`,
			`transit_gateway_id = aws_ec2_transit_gateway.`},
		{`google_container_cluster c {"network":"projects/p/global/networks/main"}`, `google_compute_network projects/p/global/networks/main {"name":"main"}`,
			`network = google_compute_network.main.id`},
		// In another region.
		{`aws_cloudwatch_log_stream /app:s {"log_group_name":"/app","region":"us-east-1"}`, `aws_cloudwatch_log_group /app {"name":"/app","region":"eu-west-1"}`, `log_group_name = "/app"`},
		{`aws_cloudwatch_log_stream /app:s {"log_group_name":"/app","region":"eu-west-1"}`, `aws_cloudwatch_log_group /app {"name":"/app","region":"eu-west-1"}`, `log_group_name = aws_cloudwatch_log_group.app.name`},
		{`aws_cloudwatch_log_stream /app:s {"log_group_name":"/app"}`, `aws_cloudwatch_log_group /app {"name":"/app","region":"eu-west-1"}`, `log_group_name = aws_cloudwatch_log_group.app.name`},
		{`aws_iam_role_policy web:x {"role":"web","region":"eu-west-1"}`, `aws_iam_role web {"name":"web","region":"us-east-1"}`, `role = aws_iam_role.web.name`},
		{`aws_lambda_function f {"s3_bucket":"code","region":"eu-west-1"}`, `aws_s3_bucket code {"bucket":"code","region":"us-east-1"}`, `s3_bucket = aws_s3_bucket.code.id`},
		{`aws_vpc_peering_connection p {"peer_vpc_id":"vpc-0123456789abcdef0","region":"eu-west-1"}`, `aws_vpc vpc-0123456789abcdef0 {"cidr_block":"10.0.0.0/8","region":"us-east-1"}`,
			`peer_vpc_id = aws_vpc.`},
		{`azurerm_subnet s {"resource_group_name":"rg","region":"northeurope"}`, `azurerm_resource_group rg {"name":"rg","region":"westeurope"}`, `resource_group_name = azurerm_resource_group.rg.name`},
	} {
		objects := unmanaged(tc.line, tc.other)
		b := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w"}}}).Batch("w")
		text := strings.Join(strings.Fields(b.Blocks(objects[0].Suggestion.To)), " ")
		if !strings.Contains(text, tc.want) {
			t.Errorf("%s: no %s in %s", tc.other, tc.want, text)
		}
	}
}

// TestImportRefersToManagedByName does the same with what is managed.
func TestImportRefersToManagedByName(t *testing.T) {
	for _, tc := range []struct{ line, managed, want string }{
		{`aws_ecs_service main/web {"cluster":"main"}`, "aws_eks_cluster", `cluster = "main"`},
		{`aws_db_instance d {"parameter_group_name":"main"}`, "aws_elasticache_parameter_group", `parameter_group_name = "main"`},
		{`aws_ecs_service main/web {"cluster":"main"}`, "aws_ecs_cluster", `cluster = aws_ecs_cluster.m.`},
		{`aws_db_instance d {"parameter_group_name":"main"}`, "aws_db_parameter_group", `parameter_group_name = aws_db_parameter_group.m.`},
	} {
		find := func(q Query) (Place, bool) {
			return Place{"w", tc.managed + ".m", tc.managed}, q.Type == tc.managed && q.ID == "main"
		}
		target := profile("w", "", "", func(p *model.Profile) { p.Types[tc.managed] = 1 })
		objects := unmanaged(tc.line)
		b := Imports(objects, ImportOptions{Into: "w", Find: find, Workspaces: []Target{target}}).Batch("w")
		if text := strings.Join(strings.Fields(b.Blocks(objects[0].Suggestion.To)), " "); !strings.Contains(text, tc.want) {
			t.Errorf("%s: no %s in %s", tc.managed, tc.want, text)
		}
	}
}
