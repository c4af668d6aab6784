// Command strandline tells what Terraform will change, what changed behind its
// back and what it does not know, where the team already looks: on the pull
// request.
//
// This file holds the process: streams, signals and the exit code. The program
// begins in package app.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/strandline-tf/strandline/internal/app"
)

// gcPercent is how much garbage there may be for what is in use, a seventh of
// Go's default: it takes a quarter off the peak on a large plan and little time,
// since most of a plan is passed over without allocating (docs/benchmarks.md).
const gcPercent = 15

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
