package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// kind is a type of resource, as data. Its schema has a computed "id" always.
type kind struct {
	name   string // without "shore_"
	schema schema.Schema
	prefix string   // of ids that the cloud assigns, "net" for net-0001
	key    []string // where it assigns none: the attributes that make the id, joined by "/"

	// fill adds to an object what the cloud makes up and the object lacks.
	fill func(w world, o object)

	noImport bool // can't be imported, and so has no identity either
	noList   bool
}

// world is what the cloud knows beside its objects.
type world struct {
	region, account string // those of the provider's configuration
	now             time.Time
}

// kinds returns all types of resources.
func kinds() []*kind {
	return []*kind{network(), subnet(), rule(), instance(), database(), secret(), bucket(), role(), grant()}
}

func (k *kind) typeName() string { return "shore_" + k.name }

// id returns the id of a new object, the n-th try where ids are assigned.
func (k *kind) id(o object, n int) string {
	if k.prefix != "" {
		return fmt.Sprintf("%s-%04d", k.prefix, n)
	}
	parts := make([]string, len(k.key))
	for i, name := range k.key {
		parts[i] = fmt.Sprint(o[name])
	}
	return strings.Join(parts, "/")
}

// identity is the schema of the resource identity: the id that the cloud
// assigned, with a region that need not be told, or the attributes that make the id.
func (k *kind) identity() identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	if k.prefix != "" {
		attributes["id"] = identityschema.StringAttribute{RequiredForImport: true}
		attributes["region"] = identityschema.StringAttribute{OptionalForImport: true}
	}
	for _, name := range k.key {
		if _, number := k.schema.Attributes[name].(schema.Int64Attribute); number {
			attributes[name] = identityschema.Int64Attribute{RequiredForImport: true}
		} else {
			attributes[name] = identityschema.StringAttribute{RequiredForImport: true}
		}
	}
	return identityschema.Schema{Attributes: attributes}
}

// complete adds to an object what its file may leave out: a test need not
// write more than a person who made the thing by hand would say.
func (k *kind) complete(w world, o object) {
	if _, regional := k.schema.Attributes["region"]; regional {
		absent(o, "region", w.region)
	}
	if _, named := k.schema.Attributes["arn"]; named {
		region, _ := o["region"].(string)
		absent(o, "arn", "arn:shore:"+region+":"+w.account+":"+k.name+"/"+o["id"].(string))
	}
	parts := strings.SplitN(o["id"].(string), "/", len(k.key))
	for i, name := range k.key[:min(len(parts), len(k.key))] {
		if _, number := k.schema.Attributes[name].(schema.Int64Attribute); number {
			absent(o, name, json.Number(parts[i]))
		} else {
			absent(o, name, parts[i])
		}
	}
	if k.fill != nil {
		k.fill(w, o)
	}
}

// absent sets an attribute that has no value.
func absent(o map[string]any, name string, value any) {
	if o[name] == nil {
		o[name] = value
	}
}

// number is n as a file holds it.
func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// each calls f for the objects of a list of objects.
func each(list any, f func(i int, o map[string]any)) {
	elements, _ := list.([]any)
	for i, e := range elements {
		if o, isObject := e.(map[string]any); isObject {
			f(i, o)
		}
	}
}
