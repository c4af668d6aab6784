package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"slices"

	"filippo.io/age"
)

// Contents are all that a set knows, to be handed on through Seal and in no
// other way. They are bytes, since a secret need not be UTF-8.
type Contents struct {
	Whole  [][]byte `json:"whole"`  // withheld where they are a whole value
	Inside [][]byte `json:"inside"` // those of them that are withheld wherever they occur
	Marked bool     `json:"marked"` // see Set.Marked
}

// Contents returns what s knows, sorted.
func (s *Set) Contents() Contents {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Contents{sorted(s.whole), sorted(s.inside), s.marked}
}

func sorted(set map[string]struct{}) [][]byte {
	out := make([][]byte, 0, len(set))
	for _, v := range slices.Sorted(maps.Keys(set)) {
		out = append(out, []byte(v))
	}
	return out
}

// AddContents makes secret what another set knew.
func (s *Set) AddContents(c Contents) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marked = s.marked || c.Marked
	for _, v := range c.Whole {
		s.add(string(v), false)
	}
	for _, v := range c.Inside {
		s.add(string(v), true)
	}
}

// Join makes secret in s what is secret in o.
func (s *Set) Join(o *Set) { s.AddContents(o.Contents()) }

// ErrOtherToken is what Open returns where no token opens a text.
var ErrOtherToken = errors.New("it was sealed with other tokens")

// Seal returns a writer that encrypts what is written to it, for whoever has
// one of tokens, of which there is at least one. What was written is whole only
// once Close has returned without an error. w is not closed.
//
// The format is age's (https://age-encryption.org/v1), which notices any change
// and a lost end. Its passphrases are stretched slowly, since people choose
// them; tokens are long and random, so keys are derived from them at once.
func Seal(w io.Writer, tokens []string) (io.WriteCloser, error) {
	if slices.Contains(tokens, "") {
		return nil, errors.New("an empty token keeps nobody out")
	}
	recipients := make([]age.Recipient, len(tokens))
	for i, t := range tokens {
		recipients[i] = token(t)
	}
	return age.Encrypt(w, recipients...)
}

// Open returns a reader of what Seal wrote, which ends in an error where it was
// changed or cut. It fails with ErrOtherToken where none of tokens opens it.
func Open(r io.Reader, tokens []string) (io.Reader, error) {
	if len(tokens) == 0 {
		return nil, ErrOtherToken
	}
	identities := make([]age.Identity, len(tokens))
	for i, t := range tokens {
		identities[i] = token(t)
	}
	opened, err := age.Decrypt(r, identities...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, ErrOtherToken
	}
	return opened, err
}

// token is a token as age's recipient and identity: a key that is derived from
// it, by HKDF with a salt of its own for each file, wraps the file's key.
type token string

// stanzaType names this kind of recipient in the header of a file, and keys
// derived for it.
const stanzaType = "strandline-token"

const saltSize = 32

// Wrap implements age.Recipient.
func (t token) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	aead, err := t.aead(salt)
	if err != nil {
		return nil, err
	}
	// The salt makes the key one of its own, which encrypts nothing else: the
	// nonce may be zero.
	body := aead.Seal(nil, make([]byte, aead.NonceSize()), fileKey, nil)
	return []*age.Stanza{{Type: stanzaType, Args: []string{base64.RawStdEncoding.EncodeToString(salt)}, Body: body}}, nil
}

// Unwrap implements age.Identity.
func (t token) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, s := range stanzas {
		if s.Type != stanzaType || len(s.Args) != 1 {
			continue
		}
		salt, err := base64.RawStdEncoding.DecodeString(s.Args[0])
		if err != nil || len(salt) != saltSize {
			continue
		}
		aead, err := t.aead(salt)
		if err != nil {
			return nil, err
		}
		if key, err := aead.Open(nil, make([]byte, aead.NonceSize()), s.Body, nil); err == nil {
			return key, nil
		}
	}
	return nil, age.ErrIncorrectIdentity
}

func (t token) aead(salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(t), salt, stanzaType, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
