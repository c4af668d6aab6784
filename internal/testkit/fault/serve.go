package fault

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ServeHTTP answers one request, well or not. Cutting an answer short needs
// HTTP/1.1, which httptest's servers speak.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rule, draw := p.choose(r)
	if rule == nil {
		p.next.ServeHTTP(w, r)
		return
	}
	if !sleep(r.Context(), rule.Delay) {
		return
	}
	if rule.Reset {
		reset(w)
		return
	}
	answer := &buffer{header: http.Header{}, status: http.StatusOK}
	if rule.Status != 0 {
		answer.status = rule.Status
		answer.body.WriteString(rule.Body)
		for k, v := range rule.Header {
			answer.header[k] = v
		}
	} else {
		p.next.ServeHTTP(answer, r)
	}
	body := answer.body.Bytes()
	corrupt(body, rule.Corrupt, draw)
	part := body
	if rule.Cut > 0 {
		// At least one byte is missing, else nothing would be cut.
		part = body[:min(int(rule.Cut*float64(len(body))), max(len(body)-1, 0))]
	}
	if rule.Cut > 0 && rule.Framing == Close {
		sendUntilClose(w, r, answer, part, rule.Rate)
		return
	}
	for k, v := range answer.header {
		w.Header()[k] = v
	}
	w.Header().Del("Content-Length")
	if rule.Cut == 0 || rule.Framing == Length {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(answer.status)
	flush := func() { _ = http.NewResponseController(w).Flush() } // fails only where the client is gone
	trickle(r.Context(), part, rule.Rate, func(b []byte) error {
		_, err := w.Write(b)
		if rule.Rate > 0 {
			flush()
		}
		return err
	})
	if rule.Cut > 0 {
		flush()
		// net/http's way to break an answer off: the connection is closed.
		panic(http.ErrAbortHandler)
	}
}

// sleep waits, and reports whether the client is still there.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// reset breaks the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no reset to be had; the next best thing
	}
	if tcp, isTCP := conn.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// sendUntilClose sends an answer whose end only the connection's end marks.
func sendUntilClose(w http.ResponseWriter, r *http.Request, answer *buffer, body []byte, rate int) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	answer.header.Del("Content-Length")
	answer.header.Set("Connection", "close")
	// Errors stick to the writer and show in its last Flush; a client that is
	// gone is none of ours.
	fmt.Fprintf(rw, "HTTP/1.1 %d %s\r\n", answer.status, http.StatusText(answer.status))
	_ = answer.header.Write(rw)
	_, _ = rw.WriteString("\r\n")
	trickle(r.Context(), body, rate, func(b []byte) error {
		_, _ = rw.Write(b)
		return rw.Flush()
	})
	_ = rw.Flush()
}

// beat is how often a throttled body moves on.
const beat = 20 * time.Millisecond

// trickle sends body at a rate in bytes a second, 0 for all at once.
func trickle(ctx context.Context, body []byte, rate int, send func([]byte) error) {
	step := len(body)
	if rate > 0 {
		step = max(int(float64(rate)*beat.Seconds()), 1)
	}
	for len(body) > 0 {
		n := min(step, len(body))
		if send(body[:n]) != nil {
			return
		}
		body = body[n:]
		if rate > 0 && len(body) > 0 && !sleep(ctx, time.Duration(float64(n)/float64(rate)*float64(time.Second))) {
			return
		}
	}
}

// corrupt changes n bytes of body, each at another place and to another value.
func corrupt(body []byte, n int, draw *rand.Rand) {
	if n == 0 {
		return
	}
	for _, at := range draw.Perm(len(body))[:min(n, len(body))] {
		body[at] ^= byte(1 + draw.IntN(255))
	}
}

// buffer is an answer that is held back.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header         { return b.header }
func (b *buffer) WriteHeader(status int)      { b.status = status }
func (b *buffer) Write(p []byte) (int, error) { return b.body.Write(p) }
