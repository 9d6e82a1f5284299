// Package mailtext turns what a mail says into what a person reads: charsets,
// headers, quote folding, HTML to text, HTML that is safe to show, file names
// that are safe to write. It is its own package because every source of mail,
// and the command line's inspect, need the same answer for the same bytes.
//
// Its input comes from strangers. Nothing here fails or panics on it: what
// can't be read is guessed, and a warning says so.
package mailtext

// Warnings that stand in desk.Body.Warnings. The screen has a sentence for each
// ("message.warning.<code>").
const (
	WarnNoText     = "no_text"    // there is no part with text
	WarnUnreadable = "unreadable" // the server or the mail is broken here
	WarnCut        = "cut"        // the text is longer than what was brought
	WarnCharset    = "charset"    // the characters were guessed
	WarnRemote     = "remote"     // pictures that lie elsewhere were left out
	WarnBroken     = "broken"     // its parts couldn't be told apart as they should
	WarnParts      = "parts"      // there are more parts than are looked at
	WarnSigned     = "signed"     // signed; nobody checked the signature
	WarnSealed     = "sealed"     // encrypted, or a part of it
	WarnPartial    = "partial"    // one piece of a mail that was sent in several (RFC 2046 5.2.2)
	WarnElsewhere  = "elsewhere"  // a part lies on another computer (RFC 2046 5.2.3)
)
