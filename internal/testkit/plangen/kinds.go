package plangen

// version is a resource's values at one time.
type version struct {
	i       int
	changed bool // after the change
	unknown bool // what the provider decides is not known yet
}

// kind is a resource type with what its values look like.
type kind struct {
	name     string
	replaces string // the attribute that forces a replacement
	marks    string // sensitive_values
	write    func(*generator, version)
}

// hasSecret reports whether resource i holds a secret: one in twenty does.
func hasSecret(i int) bool { return i/4%20 == 19 }

// kindOf returns the type of resource i. Types and changes don't go in step.
func kindOf(i int) kind {
	if hasSecret(i) {
		return kind{"aws_db_instance", "engine", `{"password":true,"tags":{},"vpc_security_group_ids":[false]}`, database}
	}
	return [...]kind{
		{"aws_instance", "ami", `{"root_block_device":[{"tags":{}}],"tags":{},"vpc_security_group_ids":[false,false]}`, instance},
		{"aws_security_group", "description", `{"egress":[{"cidr_blocks":[false]}],"ingress":[{"cidr_blocks":[false]},{"cidr_blocks":[false,false]}],"tags":{}}`, securityGroup},
		{"aws_s3_bucket", "bucket", `{"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{}]}]}],"tags":{},"versioning":[{}]}`, bucket},
		{"aws_iam_policy", "description", `{"tags":{}}`, policy},
	}[(i+i/4)%4]
}

// pick returns what an attribute holds before or after the change.
func (v version) pick(before, after string) string {
	if v.changed {
		return after
	}
	return before
}

// open begins an object with its arn, which the provider decides.
func (g *generator) open(v version, service, prefix string) {
	g.put("{")
	if !v.unknown {
		g.put(`"arn":"arn:aws:%s:eu-west-1:123456789012:%s/%s-%017x",`, service, prefix, prefix, v.i*7919)
	}
}

// id writes what the provider decides too. Names are in alphabetical order, as
// Terraform writes them.
func (g *generator) id(v version, prefix string) {
	if !v.unknown {
		g.put(`"id":"%s-%017x",`, prefix, v.i*7919)
	}
}

// tags writes the tags, which most types of the provider have.
func (g *generator) tags(v version) {
	g.put(`"tags":{"Environment":"production","Name":"part-%d-r%07d","Owner":"team-%02d","Revision":"%s"}`,
		inModule(v.i), v.i, v.i%31, v.pick("41", "42"))
}

func instance(g *generator, v version) {
	g.put("{")
	g.put(`"ami":"ami-0%016x",`, map[bool]int{false: 0xabc1, true: 0xabc2}[v.changed])
	if !v.unknown {
		g.put(`"arn":"arn:aws:ec2:eu-west-1:123456789012:instance/i-%017x",`, v.i*7919)
	}
	g.put(`"associate_public_ip_address":false,"ebs_optimized":true,`)
	g.id(v, "i")
	g.put(`"instance_type":%q,"key_name":"ops","monitoring":true,`, v.pick("m5.large", "m5.xlarge"))
	g.put(`"private_ip":"10.0.%d.%d","root_block_device":[{"delete_on_termination":true,"encrypted":true,"iops":3000,"tags":{},"volume_size":50,"volume_type":"gp3"}],`, v.i/250%250, v.i%250)
	g.put(`"subnet_id":"subnet-0%016x",`, v.i%50)
	g.tags(v)
	g.put(`,"user_data":null,"vpc_security_group_ids":["sg-0123456789abcdef0","sg-0%016x"]}`, v.i%100)
}

func securityGroup(g *generator, v version) {
	g.open(v, "ec2", "sg")
	g.put(`"description":%q,"egress":[{"cidr_blocks":["0.0.0.0/0"],"description":"","from_port":0,"protocol":"-1","to_port":0}],`, v.pick("application", "application servers"))
	g.id(v, "sg")
	g.put(`"ingress":[{"cidr_blocks":["10.%d.0.0/16"],"from_port":443,"protocol":"tcp","to_port":443},`, v.i%250)
	g.put(`{"cidr_blocks":["192.168.0.0/24","192.168.%d.0/24"],"from_port":%s,"protocol":"tcp","to_port":8080}],`, v.i%200+1, v.pick("8080", "8000"))
	g.put(`"name":"sg-r%07d","revoke_rules_on_delete":false,`, v.i)
	g.tags(v)
	g.put(`,"timeouts":null,"vpc_id":"vpc-0123456789abcdef0"}`)
}

func bucket(g *generator, v version) {
	g.open(v, "s3", "b")
	g.put(`"acl":null,"bucket":"acme-%s-r%07d","force_destroy":false,`, v.pick("logs", "archive"), v.i)
	g.id(v, "b")
	g.put(`"policy":"","region":"eu-west-1",`)
	g.put(`"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":"","sse_algorithm":"AES256"}],"bucket_key_enabled":%s}]}],`, v.pick("false", "true"))
	g.tags(v)
	g.put(`,"versioning":[{"enabled":true,"mfa_delete":false}]}`)
}

func policy(g *generator, v version) {
	g.open(v, "iam", "p")
	g.put(`"description":"%s of r%07d",`, v.pick("read", "read and write"), v.i)
	g.id(v, "p")
	g.put(`"name":"policy-r%07d","path":"/","policy":"{\"Statement\":[{\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"%s],\"Effect\":\"Allow\",\"Resource\":[\"arn:aws:s3:::acme-logs-r%07d\",\"arn:aws:s3:::acme-logs-r%07d/*\"]}],\"Version\":\"2012-10-17\"}",`,
		v.i, v.pick("", `,\"s3:PutObject\"`), v.i, v.i)
	g.tags(v)
	g.put("}")
}

func database(g *generator, v version) {
	g.put(`{"address":"db-r%07d.c9akciq32.eu-west-1.rds.amazonaws.com","allocated_storage":%s,`, v.i, v.pick("100", "200"))
	if !v.unknown {
		g.put(`"arn":"arn:aws:rds:eu-west-1:123456789012:db:db-r%07d",`, v.i)
	}
	g.put(`"backup_retention_period":14,"deletion_protection":true,"engine":%q,"engine_version":"15.4",`, v.pick("postgres", "aurora-postgresql"))
	g.id(v, "db")
	g.put(`"identifier":"db-r%07d","instance_class":"db.r6g.large","multi_az":true,"password":%q,"port":5432,"storage_encrypted":true,`, v.i, Secret(v.i, v.changed))
	g.tags(v)
	g.put(`,"username":"app","vpc_security_group_ids":["sg-0123456789abcdef0"]}`)
}
