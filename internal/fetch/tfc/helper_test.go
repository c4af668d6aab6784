package tfc_test

import (
	"context"
	"io"
	"sync"
	"time"
)

// clock is a clock that passes only by sleeping.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sleeps = append(c.sleeps, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

const sentinelOutput = `Sentinel Result: false

This result means that one or more Sentinel policies failed.

2 policies evaluated.

## Policy 1: guard/tags (advisory)

Result: true

## Policy 2: guard/ports (soft-mandatory)

Result: false

Description:
No open ports.

Print messages:

port 22 is open
`
