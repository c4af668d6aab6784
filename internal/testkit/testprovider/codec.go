package main

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// toValue makes what a file holds a value of a type. Attributes that an object
// lacks are null; one that the type lacks is an error, so that a test's slip of
// the pen doesn't go unnoticed.
func toValue(v any, typ tftypes.Type) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(typ, nil), nil
	}
	var made any
	var err error
	switch v := v.(type) {
	case string, bool:
		made = v
	case json.Number:
		made, _, err = big.ParseFloat(v.String(), 10, 512, big.ToNearestEven)
	case []any:
		made, err = toElements(v, typ)
	case object:
		made, err = toMembers(v, typ)
	case map[string]any:
		made, err = toMembers(v, typ)
	default:
		err = fmt.Errorf("a %T", v)
	}
	if err == nil {
		err = tftypes.ValidateValue(typ, made)
	}
	if err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, made), nil
}

func toElements(list []any, typ tftypes.Type) ([]tftypes.Value, error) {
	var of tftypes.Type
	switch t := typ.(type) {
	case tftypes.List:
		of = t.ElementType
	case tftypes.Set:
		of = t.ElementType
	default:
		return nil, fmt.Errorf("a list where %s is wanted", typ)
	}
	made := make([]tftypes.Value, len(list))
	for i, e := range list {
		var err error
		if made[i], err = toValue(e, of); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return made, nil
}

func toMembers(m map[string]any, typ tftypes.Type) (map[string]tftypes.Value, error) {
	types := map[string]tftypes.Type{}
	switch t := typ.(type) {
	case tftypes.Map:
		for k := range m {
			types[k] = t.ElementType
		}
	case tftypes.Object:
		types = t.AttributeTypes
	default:
		return nil, fmt.Errorf("an object where %s is wanted", typ)
	}
	for k := range m {
		if types[k] == nil {
			return nil, fmt.Errorf("there is no attribute %q", k)
		}
	}
	made := make(map[string]tftypes.Value, len(types))
	for k, t := range types {
		var err error
		if made[k], err = toValue(m[k], t); err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
	}
	return made, nil
}

// fromValue is the way back from toValue. What is null, or not known yet, is
// left out of objects.
func fromValue(v tftypes.Value) (made any, err error) {
	if v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	typ := v.Type()
	switch {
	case typ.Is(tftypes.String):
		var s string
		err = v.As(&s)
		made = s
	case typ.Is(tftypes.Bool):
		var b bool
		err = v.As(&b)
		made = b
	case typ.Is(tftypes.Number):
		n := new(big.Float)
		err = v.As(n)
		made = json.Number(n.Text('g', -1))
	case typ.Is(tftypes.List{}), typ.Is(tftypes.Set{}):
		made, err = fromElements(v)
	case typ.Is(tftypes.Map{}), typ.Is(tftypes.Object{}):
		made, err = fromMembers(v)
	default:
		err = fmt.Errorf("a value of type %s", typ)
	}
	return made, err
}

func fromElements(v tftypes.Value) ([]any, error) {
	var elements []tftypes.Value
	if err := v.As(&elements); err != nil {
		return nil, err
	}
	list := make([]any, len(elements))
	for i, e := range elements {
		var err error
		if list[i], err = fromValue(e); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func fromMembers(v tftypes.Value) (map[string]any, error) {
	var members map[string]tftypes.Value
	if err := v.As(&members); err != nil {
		return nil, err
	}
	m := map[string]any{}
	for k, e := range members {
		made, err := fromValue(e)
		if err != nil {
			return nil, err
		}
		if made != nil {
			m[k] = made
		}
	}
	return m, nil
}
