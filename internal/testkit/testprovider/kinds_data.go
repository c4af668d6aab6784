package main

import (
	"fmt"
	"hash/crc32"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// database has sensitive attributes at two depths, one that is written and
// never read back, a deprecated one, and defaults. Its cloud, unlike most,
// tells the password to whoever reads it.
func database() *kind {
	return &kind{
		name: "database", key: []string{"name"},
		schema: schema.Schema{Attributes: attributes{
			"id": stable(), "arn": stable(), "region": region(),
			"name":           fixed(),
			"engine":         fixed(),
			"engine_version": chosen(),
			"password":       schema.StringAttribute{Optional: true, Sensitive: true},
			"seed_wo":        schema.StringAttribute{Optional: true, WriteOnly: true},
			"port":           schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(5432)},
			"multi_zone":     schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)},
			"subnet_ids":     optionalStrings(),
			"parameters":     schema.MapAttribute{Optional: true, ElementType: types.StringType},
			"storage_gb":     schema.Float64Attribute{Optional: true},
			"backup_hour":    schema.Int64Attribute{Optional: true, DeprecationMessage: "use backup.hour"},
			"backup": schema.SingleNestedAttribute{Optional: true, Attributes: attributes{
				"hour": schema.Int64Attribute{Required: true},
				"days": schema.Int64Attribute{Optional: true},
			}},
			"replicas": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes{
				"region": schema.StringAttribute{Required: true},
				"token":  schema.StringAttribute{Optional: true, Sensitive: true},
			}}},
			"tags":     tags(),
			"endpoint": stable(),
		}},
		fill: func(_ world, o object) {
			absent(o, "engine_version", "16.2")
			absent(o, "port", number(5432))
			absent(o, "multi_zone", false)
			absent(o, "endpoint", fmt.Sprintf("%v.db.shore.test", o["name"]))
			delete(o, "seed_wo")
		},
	}
}

// secret can't be created, nor imported, without a sensitive value in the
// configuration.
func secret() *kind {
	return &kind{
		name: "secret", key: []string{"name"}, noList: true,
		schema: schema.Schema{Attributes: attributes{
			"id": stable(), "arn": stable(), "region": region(),
			"name":     fixed(),
			"value":    schema.StringAttribute{Required: true, Sensitive: true},
			"checksum": schema.StringAttribute{Computed: true},
		}},
		fill: func(_ world, o object) { o["checksum"] = fmt.Sprintf("%08x", checksum(o["value"])) },
	}
}

// bucket has blocks within blocks, and an object that the cloud completes.
func bucket() *kind {
	return &kind{
		name: "bucket", key: []string{"name"},
		schema: schema.Schema{
			Attributes: attributes{
				"id": stable(), "arn": stable(), "region": region(),
				"name":       fixed(),
				"versioning": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)},
				"tags":       tags(),
				"url":        stable(),
				"encryption": schema.SingleNestedAttribute{
					Optional: true, Computed: true,
					PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
					Attributes: attributes{
						"algorithm": chosen(),
						"key":       schema.StringAttribute{Optional: true},
					},
				},
			},
			Blocks: map[string]schema.Block{
				"lifecycle_rule": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
					Attributes: attributes{"prefix": schema.StringAttribute{Optional: true}},
					Blocks: map[string]schema.Block{
						"transition": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: attributes{
							"days":  schema.Int64Attribute{Required: true},
							"class": schema.StringAttribute{Required: true},
						}}},
					},
				}},
			},
		},
		fill: func(_ world, o object) {
			absent(o, "versioning", false)
			absent(o, "url", fmt.Sprintf("https://%v.bucket.shore.test", o["name"]))
			absent(o, "encryption", map[string]any{})
			if e, isObject := o["encryption"].(map[string]any); isObject {
				absent(e, "algorithm", "tide256")
			}
		},
	}
}

func checksum(v any) uint32 { return crc32.ChecksumIEEE(fmt.Append(nil, v)) }
