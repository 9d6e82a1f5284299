package mailtext

import (
	"bytes"
	"strings"
)

// Piece is one part of a mail as its structure tells of it (RFC 2045): read
// from the mail itself, or told by a server. A multipart has children and no
// content of its own.
type Piece struct {
	Type        string // media type in lower case, never empty
	Params      map[string]string
	Disposition string // in lower case, "" when not said
	DispParams  map[string]string
	Encoding    string
	ID          string // Content-ID without <>
	Location    string // Content-Location (RFC 2557)
	Subject     string // of a mail within the mail
	Size        int64  // on the wire
	Path        []int  // where a server finds it (RFC 9051 6.4.5); nil in a mail that was read whole
	Children    []*Piece

	body   []byte // on the wire, nil where a server tells
	broken bool   // its parts couldn't be told apart
}

// Name is the file's name as it was sent, "" when there is none. A mail within
// the mail is named by its subject.
func (p *Piece) Name() string {
	if name := FileName(p.DispParams, p.Params); name != "" {
		return name
	}
	if p.isMail() {
		if subject := oneLine(DecodeWords(p.Subject)); subject != "" {
			return subject + ".eml"
		}
	}
	if p.Location != "" && !strings.ContainsAny(p.Location, ":/?") {
		return oneLine(DecodeWords(p.Location))
	}
	return ""
}

// Inline tells a file that is shown within the text.
func (p *Piece) Inline() bool {
	return p.Disposition == "inline" || p.Disposition == "" && p.ID != ""
}

// isMail tells a mail within the mail.
func (p *Piece) isMail() bool {
	return p.Type == "message/rfc822" || p.Type == "message/global" || p.Type == "message/news"
}

func (p *Piece) named() bool { return FileName(p.DispParams, p.Params) != "" }

func (p *Piece) multi() bool { return strings.HasPrefix(p.Type, "multipart/") }

// blank tells a text without anything in it: a stub beside the real one.
func (p *Piece) blank() bool {
	if p.body != nil || p.Path == nil {
		return len(bytes.TrimSpace(p.body)) == 0
	}
	return p.Size <= 2
}

// describe reads a part's head. byDefault is the type of parts that name none.
func describe(h Header, byDefault string) *Piece {
	p := &Piece{
		Encoding: h.Raw("Content-Transfer-Encoding"),
		ID:       strings.Trim(oneLine(h.Raw("Content-ID")), "<> "),
		Location: h.Raw("Content-Location"),
	}
	p.Disposition, p.DispParams = readMedia(h.Raw("Content-Disposition"))
	for _, v := range h.all("Content-Type") {
		kind, params := readMedia(v)
		if p.Type == "" || kind != "" && !strings.HasPrefix(p.Type, "multipart/") {
			p.Type, p.Params = kind, params
		}
	}
	if p.Type = MediaType(p.Type); p.Type == "" {
		p.Type = byDefault
		if name := FileName(p.DispParams, p.Params); name != "" && typeByName(name) != anyType {
			p.Type = typeByName(name)
		}
	}
	return p
}

// MediaType mends what programs write for a media type, in lower case; "" when
// it says nothing (RFC 2045 5.2: then it is plain text).
func MediaType(kind string) string {
	kind = strings.ToLower(strings.TrimSpace(kind))
	top, sub, ok := strings.Cut(kind, "/")
	switch {
	case top == "text" && sub == "", kind == "plain", kind == "plain/text", kind == "text/text", kind == "text/ascii":
		return "text/plain"
	case kind == "html", kind == "<html>":
		return "text/html"
	case top == "multipart" && sub == "":
		return "multipart/mixed"
	case !ok || top == "" || sub == "":
		return ""
	}
	return kind
}
