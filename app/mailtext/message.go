package mailtext

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // go-message decodes what this knows
	"github.com/emersion/go-message/textproto"
	"github.com/jhillyerd/enmime/v2"

	"fernpost/store/desk"
)

// maxParts bounds how much of a hostile structure is looked at.
const maxParts = 200

// Message reads a whole mail: its header and readable body. It is the way for
// mail whose structure the server can't tell, and for looking at a file.
// go-message reads first, because it is quick; what it can't take apart goes to
// enmime, which forgives more.
func Message(raw []byte) (Header, desk.Body) {
	raw = dropMboxLine(raw)
	h := ParseHeader(raw)
	parts, err := readParts(raw)
	if err != nil || len(parts) == 0 {
		if loose := readLoose(raw); len(loose) > 0 {
			parts = append(loose, reportParts(parts)...)
		} else if len(parts) == 0 {
			parts = readAsIs(raw, h)
		}
	}
	return h, Body(parts)
}

// readAsIs takes the whole body as text, where a mail says it has parts and
// doesn't say how to tell them apart.
func readAsIs(raw []byte, h Header) []Part {
	kind, params, err := mime.ParseMediaType(h.Raw("Content-Type"))
	if err == nil && (!strings.HasPrefix(kind, "multipart/") || params["boundary"] != "") {
		return nil
	}
	_, body, ok := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	if !ok {
		return nil
	}
	return []Part{{Type: "text/plain", Data: body}}
}

// dropMboxLine takes off the line that mbox files put above a mail.
func dropMboxLine(raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		if _, rest, ok := bytes.Cut(raw, []byte("\n")); ok {
			return rest
		}
	}
	return raw
}

func readParts(raw []byte) ([]Part, error) {
	br := bytes.NewReader(raw)
	e, err := message.Read(br)
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil, err
	}
	w := partWalk{}
	err = w.walk(e, err, 0)
	return w.parts, err
}

type partWalk struct {
	parts  []Part
	seen   int
	report bool // inside a multipart/report (RFC 6522)
}

// walk collects the text parts at and below e. how is the error e came with: an
// unknown charset or encoding, whose bytes then come as they are.
func (w *partWalk) walk(e *message.Entity, how error, depth int) error {
	if w.seen++; w.seen > maxParts || depth > 20 {
		return errors.New("too many parts")
	}
	mr := e.MultipartReader()
	if mr == nil {
		p, ok := textPart(e.Header.Header)
		if !ok && (w.report || depth == 0) {
			p, ok = reportPart(e.Header.Header)
		}
		if !ok {
			return nil
		}
		if !message.IsUnknownCharset(how) && p.Charset != "" {
			p.Charset = "utf-8" // go-message has decoded it
		}
		data, err := io.ReadAll(io.LimitReader(e.Body, maxText+1))
		p.Data, p.Cut = data, len(data) > maxText
		w.parts = append(w.parts, p)
		return err
	}
	first := len(w.parts)
	kind, _, _ := e.Header.ContentType()
	w.report = w.report || strings.EqualFold(kind, "multipart/report")
	if strings.EqualFold(kind, "multipart/alternative") {
		defer func() { twin(w.parts[first:]) }()
	}
	for {
		child, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if child == nil {
			return err
		}
		if err := w.walk(child, err, depth+1); err != nil {
			return err
		}
	}
}

// twin marks the HTML among alternatives that have a plain part.
func twin(parts []Part) {
	plain := slices.ContainsFunc(parts, func(p Part) bool { return p.Type == "text/plain" })
	for i := range parts {
		parts[i].Twin = plain && parts[i].Type == "text/html"
	}
}

// textPart tells whether a part is text to read.
func textPart(h textproto.Header) (Part, bool) {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		kind = "text/plain"
	}
	if disp, _, _ := mime.ParseMediaType(h.Get("Content-Disposition")); strings.EqualFold(disp, "attachment") {
		return Part{}, false
	}
	if kind != "text/plain" && kind != "text/html" {
		return Part{}, false
	}
	return Part{
		Type:    kind,
		Charset: params["charset"],
		Flowed:  strings.EqualFold(params["format"], "flowed"),
		DelSp:   strings.EqualFold(params["delsp"], "yes"),
	}, true
}

func readLoose(raw []byte) []Part {
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || env == nil {
		return nil
	}
	var parts []Part
	if strings.TrimSpace(env.Text) != "" {
		parts = append(parts, Part{Type: "text/plain", Charset: "utf-8", Data: []byte(env.Text)})
	}
	if strings.TrimSpace(env.HTML) != "" {
		parts = append(parts, Part{Type: "text/html", Charset: "utf-8", Data: []byte(env.HTML), Twin: len(parts) > 0})
	}
	return parts
}
