package app

import "sync"

// pool works on things in the order in which they are added, some at a time.
// Adding never waits, so that what adds them isn't held up.
type pool[T any] struct {
	work  func(T)
	limit int

	mu      sync.Mutex
	queue   []T
	workers int
	done    sync.WaitGroup
}

func (p *pool[T]) add(x T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, x)
	if p.workers < p.limit {
		p.workers++
		p.done.Go(p.drain)
	}
}

// drain is one worker: it ends where nothing is left to do.
func (p *pool[T]) drain() {
	for {
		p.mu.Lock()
		if len(p.queue) == 0 {
			p.workers--
			p.mu.Unlock()
			return
		}
		x := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		p.work(x)
	}
}

// wait returns once all is done; nothing is added any more.
func (p *pool[T]) wait() { p.done.Wait() }
