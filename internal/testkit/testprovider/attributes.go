package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributes is a schema's table. The functions below are the shapes of
// attributes that most kinds share.
type attributes = map[string]schema.Attribute

// stable is computed once, and known in every later plan.
func stable() schema.StringAttribute {
	return schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
}

// fixed is required and can't be changed in place.
func fixed() schema.StringAttribute {
	return schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}
}

func fixedNumber() schema.Int64Attribute {
	return schema.Int64Attribute{Required: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()}}
}

// chosen is optional, and the cloud's choice where it is not given.
func chosen() schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Computed: true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
}

// region is the provider's where it is not given.
func region() schema.StringAttribute {
	r := chosen()
	r.PlanModifiers = append(r.PlanModifiers, stringplanmodifier.RequiresReplace())
	return r
}

func tags() schema.MapAttribute {
	return schema.MapAttribute{Optional: true, ElementType: types.StringType}
}

func optionalStrings() schema.SetAttribute {
	return schema.SetAttribute{Optional: true, ElementType: types.StringType}
}
