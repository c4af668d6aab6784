package model

import (
	"strings"
	"testing"
)

func TestHoldsTableIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(holdsTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pattern, holds, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || pattern == "" || holds == "" || strings.TrimSpace(pattern+holds) != pattern+holds {
			t.Errorf("bad line %q", line)
		}
		if seen[pattern] {
			t.Errorf("%s stands twice", pattern)
		}
		seen[pattern] = true
	}
}

func TestHolds(t *testing.T) {
	for typ, want := range map[string]string{
		"aws_db_instance": "database", "google_storage_bucket": "bucket", "azurerm_managed_disk": "volume",
		"azurerm_backup_protected_vm": "backups", "aws_instance": "", "terraform_data": "", "": "", "# AWS": "",
	} {
		if got := Holds(typ); got != want {
			t.Errorf("Holds(%q) = %q, want %q", typ, got, want)
		}
	}
}

func TestJudgeLoss(t *testing.T) {
	for action, want := range map[string]string{
		ActionDelete: RiskDestroyData, ActionReplace: RiskReplaceData,
		ActionForget: "", ActionReplaceForget: "", ActionUpdate: "", ActionCreate: "",
	} {
		w := NewWorkspace("w")
		w.Changes = []Change{{Address: "aws_db_instance.a", Mode: "managed", Type: "aws_db_instance", Action: action},
			{Address: "aws_instance.a", Mode: "managed", Type: "aws_instance", Action: action}}
		w.Judge()
		var got string
		for _, r := range w.Risks {
			got += r.Kind
		}
		if got != want {
			t.Errorf("%s: %q, want %q", action, got, want)
		}
	}
}

// Each case is a type, what is known of it after the change (changed leaves
// first, then after a line of dashes unchanged ones), and the message; "" where
// nothing may be said.
func TestJudgeAccess(t *testing.T) {
	for _, tc := range []struct{ name, typ, leaves, want string }{
		{"inline rule", "aws_security_group", `ingress[1].cidr_blocks[0]="0.0.0.0/0"
			ingress[1].from_port=22
			ingress[1].to_port=22
			ingress[1].protocol="tcp"`, "lets in traffic from everywhere (0.0.0.0/0), tcp port 22"},
		{"ports that do not change", "aws_security_group", `ingress[0].ipv6_cidr_blocks[0]="::/0"
			---
			ingress[0].from_port=80
			ingress[0].to_port=90
			ingress[0].protocol="tcp"`, "lets in traffic from everywhere (::/0), tcp ports 80 to 90"},
		{"all ports", "aws_security_group_rule", `cidr_blocks[0]="0.0.0.0/0"
			type="ingress"
			protocol="-1"`, "lets in traffic from everywhere (0.0.0.0/0), all ports"},
		{"egress", "aws_security_group_rule", `cidr_blocks[0]="0.0.0.0/0"
			type="egress"`, ""},
		{"direction not known", "aws_security_group_rule", `cidr_blocks[0]="0.0.0.0/0"`, ""},
		{"egress block", "aws_security_group", `egress[0].cidr_blocks[0]="0.0.0.0/0"`, ""},
		{"private range", "aws_security_group", `ingress[0].cidr_blocks[0]="10.0.0.0/8"`, ""},
		{"azure rule", "azurerm_network_security_group", `security_rule[0].source_address_prefix="*"
			security_rule[0].direction="Inbound"
			security_rule[0].access="Allow"
			security_rule[0].destination_port_range="3389"
			security_rule[0].protocol="Tcp"`, "lets in traffic from everywhere (*), Tcp port 3389"},
		{"azure rule that denies", "azurerm_network_security_group", `security_rule[0].source_address_prefix="*"
			security_rule[0].direction="Inbound"
			security_rule[0].access="Deny"`, ""},
		{"google firewall", "google_compute_firewall", `source_ranges[0]="0.0.0.0/0"
			---
			allow[0].protocol="tcp"`, "lets in traffic from everywhere (0.0.0.0/0)"},
		{"google firewall that denies", "google_compute_firewall", `source_ranges[0]="0.0.0.0/0"
			deny[0].protocol="tcp"`, ""},
		{"public bucket", "aws_s3_bucket_acl", `acl="public-read"`, "makes it public (acl public-read)"},
		{"private bucket", "aws_s3_bucket_acl", `acl="private"`, ""},
		{"block lifted", "aws_s3_bucket_public_access_block", `block_public_acls=false
			block_public_policy=false`, "lifts a block of public access"},
		{"public database", "aws_db_instance", `publicly_accessible=true`, "makes it reachable from the internet"},
		{"everybody in google", "google_storage_bucket_iam_member", `member="allUsers"`, "grants access to everybody (allUsers)"},
		{"administrator", "aws_iam_role_policy_attachment", `policy_arn="arn:aws:iam::aws:policy/AdministratorAccess"`, "grants every permission (AdministratorAccess)"},
		{"policy", "aws_iam_policy", `policy="{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[\"*\"]}}"`, "allows every action on every resource (Action * on Resource *)"},
		{"policy that denies", "aws_iam_policy", `policy="{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"`, ""},
		{"principal", "aws_sqs_queue_policy", `policy="{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":{\"AWS\":[\"*\"]}}]}"`, "lets everybody in (Principal *)"},
		{"principal with a condition", "aws_sqs_queue_policy", `policy="{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Condition\":{\"ArnEquals\":{}}}]}"`, ""},
		{"no policy", "aws_iam_policy", `policy="{not json"`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := Change{Address: tc.typ + ".x", Mode: "managed", Type: tc.typ, Action: ActionUpdate}
			changed := true
			for line := range strings.Lines(tc.leaves) {
				line = strings.TrimSpace(line)
				path, value, _ := strings.Cut(line, "=")
				switch {
				case line == "---":
					changed = false
				case changed:
					c.Attributes = append(c.Attributes, Attribute{Path: path, After: Value(value)})
				default:
					c.Unchanged = append(c.Unchanged, Leaf{Path: path, Value: Value(value)})
				}
			}
			w := NewWorkspace("w")
			w.Changes = []Change{c}
			w.Judge()
			var got []string
			for _, r := range w.Risks {
				got = append(got, r.Message)
				if strings.Contains(r.Brief, "%") || r.Brief == "" {
					t.Errorf("brief %q", r.Brief)
				}
			}
			if strings.Join(got, "; ") != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhatWasOpenBeforeIsNotReported(t *testing.T) {
	was := Value(`"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"`)
	now := Value(`"{\"Statement\":[{\"Sid\":\"x\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"`)
	w := NewWorkspace("w")
	w.Changes = []Change{{Type: "aws_iam_policy", Action: ActionUpdate, Attributes: []Attribute{{Path: "policy", Before: was, After: now}}}}
	w.Judge()
	if len(w.Risks) != 0 {
		t.Errorf("%+v", w.Risks)
	}
}
