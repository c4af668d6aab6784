// Command testprovider is a Terraform provider for tests, called shore, whose
// cloud is a directory: each object is one JSON file in it. A test that wants
// something to happen behind Terraform's back writes, edits or removes a file.
//
// It is a Go module of its own, so that what a provider needs does not become
// what the program needs. Package realtf builds and installs it for tests;
// nothing imports it. Reading order: kind.go says what a type of resource is,
// the kinds_*.go files list them, resource.go and list.go make any of them a
// resource of the plugin framework, store.go keeps the files and codec.go
// carries values between those two.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// address is the provider's in a configuration. The host is one that can't
// exist (RFC 6761), so a mistake in a test's set-up never asks a real registry.
const address = "terraform.test/strandline/shore"

func main() {
	err := providerserver.Serve(context.Background(), newProvider(os.Getenv, time.Now),
		providerserver.ServeOpts{Address: address, ProtocolVersion: 6})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
