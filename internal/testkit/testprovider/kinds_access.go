package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
)

// role has a document of JSON, and belongs to no region.
func role() *kind {
	return &kind{
		name: "role", key: []string{"name"},
		schema: schema.Schema{Attributes: attributes{
			"id": stable(), "arn": stable(),
			"name":        fixed(),
			"policy":      schema.StringAttribute{Required: true},
			"description": schema.StringAttribute{Optional: true},
			"max_session": schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(3600)},
			"permissions": optionalStrings(),
			"tags":        tags(),
		}},
		fill: func(_ world, o object) { absent(o, "max_session", number(3600)) },
	}
}

// grant ties a role to a bucket, and can't be imported.
func grant() *kind {
	return &kind{
		name: "grant", key: []string{"role", "bucket"}, noImport: true, noList: true,
		schema: schema.Schema{Attributes: attributes{
			"id":     stable(),
			"role":   fixed(),
			"bucket": fixed(),
			"access": schema.StringAttribute{Required: true},
		}},
	}
}
