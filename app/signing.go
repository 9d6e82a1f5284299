package app

import (
	"context"
	"slices"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// signatureMark stands above a signature (RFC 3676 4.3).
const signatureMark = "-- \n"

// nothingWritten tells that a text holds a signature at most.
func nothingWritten(text string) bool {
	written, _, _ := strings.Cut("\n"+text, "\n"+signatureMark)
	return strings.TrimSpace(written) == ""
}

// signed is the beginning of a reply: room to write, and the signature below
// its mark.
func signed(signature string) string {
	if strings.TrimSpace(signature) == "" {
		return ""
	}
	return "\n\n" + signatureMark + signature
}

// writtenAs gives a draft another sender of its account, and their signature.
func (d *Desk) writtenAs(ctx context.Context, v DraftView, identity string) (DraftView, error) {
	id, err := desk.ParseConversationID(v.Conversation)
	if err != nil {
		return v, err
	}
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return v, err
	}
	all, err := d.store.Identities(ctx, c.Account)
	if err != nil {
		return v, err
	}
	at := slices.IndexFunc(all, func(i desk.Identity) bool { return identityView(i).ID == identity })
	if at < 0 {
		return v, desk.E(desk.KindNotFound, "change sender", nil)
	}
	before := mailtext.RichOf(v.Text)
	if v.Rich != "" {
		before = mailtext.ParseRich(v.Rich)
	}
	had := all[max(0, slices.IndexFunc(all, func(i desk.Identity) bool { return identityView(i).ID == v.Identity }))]
	v.Identity = identity
	after, changed := signedAnew(before, all, signatureFor(had, c.Language) != "", signatureFor(all[at], c.Language))
	if changed {
		v.Text, v.Rich = after.Text(), ""
		if after.Formatted() {
			v.Rich = after.String()
		}
	}
	return v, nil
}

// signedAnew puts a signature in the place of the one below a text. What a
// person wrote stays: an end that is no signature of the senders as it was put
// there; and where the sender had one, its absence.
func signedAnew(text mailtext.Rich, senders []desk.Identity, had bool, signature string) (mailtext.Rich, bool) {
	mark, written := -1, text
	for i, l := range text {
		if said, plain := plainly(l); plain && said+"\n" == signatureMark {
			mark = i
		}
	}
	if mark < 0 && had || mark >= 0 && !untouched(text[mark+1:], senders) {
		return text, false
	}
	if mark >= 0 {
		written = text[:mark]
	}
	for len(written) > 0 {
		if said, plain := plainly(written[len(written)-1]); !plain || strings.TrimSpace(said) != "" {
			break
		}
		written = written[:len(written)-1]
	}
	end := mailtext.RichOf(signed(signature))
	if len(written) > 0 {
		end = end[1:] // the line that was being written is there
	}
	return append(slices.Clone(written), end...), true
}

// untouched tells that lines are the signature of one of the senders, in any of
// their languages.
func untouched(lines mailtext.Rich, senders []desk.Identity) bool {
	var said []string
	for _, l := range lines {
		words, plain := plainly(l)
		if !plain {
			return false
		}
		said = append(said, strings.TrimRight(words, " "))
	}
	for _, i := range senders {
		for _, body := range i.Signatures {
			if strings.TrimSpace(strings.Join(said, "\n")) == strings.TrimSpace(body) {
				return true
			}
		}
	}
	return false
}

// plainly gives what a line says, if it has no form. An editor writes some
// spaces as ones that don't break.
func plainly(l mailtext.Line) (said string, plain bool) {
	for _, s := range l.Spans {
		if s.Bold || s.Italic || s.Link != "" || s.File != 0 {
			return "", false
		}
		said += s.Text
	}
	return strings.ReplaceAll(said, "\u00a0", " "), l.Kind == mailtext.Plain && l.Quote == 0
}
