package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/strandline-tf/strandline/internal/app"
)

// The scripts of testdata run the whole program as a process of its own against
// the stand-ins; a new case is a new file there. README.md beside them says
// what a script may use.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"world":      worldCommand,
			"exits":      exitsCommand,
			"comments":   commentsCommand,
			"checkruns":  checkrunsCommand,
			"checklines": checklinesCommand,
			"labels":     labelsCommand,
			"writes":     writesCommand,
			"requests":   requestsCommand,
			"forget":     forgetCommand,
			"json":       jsonCommand,
			"withheld":   withheldCommand,
			"incode":     incodeCommand,
			"await":      awaitCommand,
			"issues":     issuesCommand,
			"pulls":      pullsCommand,
			"branchfile": branchfileCommand,
			"output":     outputCommand,
			"state":      stateCommand,
			"keep":       keepCommand,
			"unchanged":  unchangedCommand,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// parallel is how many scripts run at a time: they mostly wait.
const parallel = 6

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(parallel)); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"strandline": hurried})
}

// speed is how many times faster than real the clock of the program under test
// goes, so that the minutes for which it waits pass in seconds.
const speed = 10

// hurried is main with a fast clock.
func hurried() {
	start := time.Now()
	clock := app.Clock{
		Now: func() time.Time { return start.Add(speed * time.Since(start)) },
		Sleep: func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(d / speed):
				return nil
			}
		},
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := app.MainAt(ctx, clock, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
