package github

// Hurry makes p not wait before it does all again.
func (p *Poster) Hurry() { p.pause = 0 }
