package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

func network() *kind {
	return &kind{
		name: "network", prefix: "net",
		schema: schema.Schema{Attributes: attributes{
			"id": stable(), "arn": stable(), "region": region(),
			"name": schema.StringAttribute{Required: true},
			"cidr": fixed(),
			"tags": tags(),
		}},
	}
}

func subnet() *kind {
	return &kind{
		name: "subnet", prefix: "subnet",
		schema: schema.Schema{Attributes: attributes{
			"id": stable(), "arn": stable(), "region": region(),
			"network_id": fixed(),
			"cidr":       fixed(),
			"public":     schema.BoolAttribute{Optional: true},
			"tags":       tags(),
		}},
	}
}

// rule has an id made of three attributes, and a set of objects.
func rule() *kind {
	return &kind{
		name: "rule", key: []string{"group", "direction", "port"},
		schema: schema.Schema{Attributes: attributes{
			"id":          stable(),
			"group":       fixed(),
			"direction":   fixed(),
			"port":        fixedNumber(),
			"description": schema.StringAttribute{Optional: true},
			"sources": schema.SetNestedAttribute{
				Required: true,
				NestedObject: schema.NestedAttributeObject{Attributes: attributes{
					"cidr":        schema.StringAttribute{Required: true},
					"description": schema.StringAttribute{Optional: true},
				}},
			},
		}},
	}
}
