package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrStalled is the error of a body of which nothing came for IdleTimeout.
var ErrStalled = errors.New("the transfer stalled")

// TooLarge is the error of a body that is longer than MaxBody.
type TooLarge struct{ Limit int64 } // in bytes

func (e *TooLarge) Error() string {
	return fmt.Sprintf("the answer is larger than %d bytes", e.Limit)
}

// body guards an answer's body against stalling and excess, and ends the
// exchange's context with it.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	idle   time.Duration
	stall  *time.Timer
	limit  int64 // 0: none
	seen   int64
}

func newBody(ctx context.Context, cancel context.CancelCauseFunc, rc io.ReadCloser, o Options) *body {
	stall := time.AfterFunc(o.IdleTimeout, func() { cancel(ErrStalled) })
	stall.Stop()
	return &body{rc, ctx, cancel, o.IdleTimeout, stall, o.MaxBody, 0}
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.stall.Reset(b.idle)
	n, err := b.ReadCloser.Read(p)
	b.stall.Stop()
	b.seen += int64(n)
	if b.limit > 0 && b.seen > b.limit {
		return 0, &TooLarge{b.limit}
	}
	if err != nil && err != io.EOF && errors.Is(context.Cause(b.ctx), ErrStalled) {
		err = ErrStalled
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	b.stall.Stop()
	err := b.ReadCloser.Close()
	b.cancel(nil)
	return err
}
