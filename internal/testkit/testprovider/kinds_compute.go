package main

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// instance has all shapes of nested blocks, and an attribute that is another
// with each refresh.
func instance() *kind {
	return &kind{
		name: "instance", prefix: "i",
		schema: schema.Schema{
			Attributes: attributes{
				"id": stable(), "arn": stable(), "region": region(),
				"name":       schema.StringAttribute{Required: true},
				"image":      fixed(),
				"subnet_id":  schema.StringAttribute{Required: true},
				"size":       chosen(),
				"private_ip": stable(),
				"user_data":  schema.StringAttribute{Optional: true},
				"tags":       tags(),
				"last_seen":  schema.StringAttribute{Computed: true},
			},
			Blocks: map[string]schema.Block{
				"disk": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: attributes{
					"size":   schema.Int64Attribute{Required: true},
					"kind":   schema.StringAttribute{Optional: true, Computed: true},
					"device": schema.StringAttribute{Computed: true},
				}}},
				"interface": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: attributes{
					"network_id": schema.StringAttribute{Required: true},
					"groups":     optionalStrings(),
				}}},
				"placement": schema.SingleNestedBlock{Attributes: attributes{
					"zone":   schema.StringAttribute{Optional: true},
					"tenant": schema.StringAttribute{Optional: true},
				}},
			},
		},
		fill: func(w world, o object) {
			absent(o, "size", "small")
			absent(o, "private_ip", fmt.Sprintf("10.0.0.%d", checksum(o["id"])%254+1))
			each(o["disk"], func(i int, disk map[string]any) {
				absent(disk, "kind", "ssd")
				absent(disk, "device", fmt.Sprintf("/dev/sd%c", 'a'+i))
			})
			o["last_seen"] = w.now.UTC().Format(time.RFC3339Nano)
		},
	}
}
