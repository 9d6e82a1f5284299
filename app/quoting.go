package app

import (
	"context"
	"slices"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/i18n"
	"fernpost/store/desk"
)

const (
	// quotedLines and quotedRunes bound what of the customer's mail stands below
	// an answer: enough to remember what it was about. Every byte of it goes over
	// the line, with every answer.
	quotedLines = 40
	quotedRunes = 2000
	// passedOnBytes bounds a forwarded text: it is there to be read.
	passedOnBytes = 100 << 10
)

// quoteOf gives what stands below a draft's text: nil for nothing, and where
// the message's text isn't here. What is passed on must be here, kind not_found:
// after a damaged disk its mail may still be on its way.
func (d *Desk) quoteOf(ctx context.Context, draft desk.Draft, messages []desk.Message, language string) (*source.Quote, error) {
	i := slices.IndexFunc(messages, func(m desk.Message) bool { return m.ID == draft.Quotes })
	if i < 0 && draft.PassesOn {
		return nil, desk.E(desk.KindNotFound, "pass message on", nil)
	}
	if draft.Quotes == 0 || i < 0 {
		return nil, nil
	}
	m := messages[i]
	o := mailtext.Original{From: m.From, To: m.To, At: m.At.In(d.clock().Location()), Subject: m.Subject}
	if draft.PassesOn {
		locale, err := d.store.Setting(ctx, settingLocale, "")
		if err != nil {
			return nil, err
		}
		if locale == "" {
			locale = i18n.Match(i18n.System())
		}
		text := strings.Trim(m.Text+"\n\n"+m.Quoted, "\n")
		return &source.Quote{Head: mailtext.PassedOn(locale, o), Text: cutText(text, passedOnBytes), PassedOn: true}, nil
	}
	text := shortQuote(m.Text)
	if text == "" {
		return nil, nil
	}
	if m.Language != "" {
		language = m.Language
	}
	return &source.Quote{Head: mailtext.Wrote(language, o), Text: text}, nil
}

// shortQuote keeps the beginning of a text and says that there was more.
func shortQuote(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	cut := len(lines) > quotedLines
	lines = lines[:min(len(lines), quotedLines)]
	runes := []rune(strings.Join(lines, "\n"))
	if len(runes) > quotedRunes {
		runes, cut = runes[:quotedRunes], true
		if at := strings.LastIndexAny(string(runes), " \n"); at > 0 {
			runes = []rune(string(runes)[:at])
		}
	}
	short := strings.TrimRight(string(runes), " \n")
	if cut {
		short += " […]"
	}
	return short
}

func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + " […]"
}

// Forward begins to pass a message on to somebody else: its text, its head and
// its files. message "" is the customer's newest. Kind conflict while something
// written stands in the conversation's draft: it is sent or dropped first.
func (s *Composer) Forward(conversation, message string) (DraftView, error) {
	const doing = "pass message on"
	return read(s.calls, doing, func(ctx context.Context, d *Desk) (DraftView, error) {
		id, err := desk.ParseConversationID(conversation)
		if err != nil {
			return DraftView{}, err
		}
		messages, err := d.store.Messages(ctx, id)
		if err != nil {
			return DraftView{}, err
		}
		m, ok := newestIncoming(messages)
		if message != "" {
			i := slices.IndexFunc(messages, func(m desk.Message) bool { return m.ID.String() == message })
			if ok = i >= 0; ok {
				m = messages[i]
			}
		}
		if !ok {
			return DraftView{}, desk.E(desk.KindNotFound, doing, nil)
		}
		draft, err := d.store.DraftOf(ctx, id)
		if err == nil && (!nothingWritten(draft.Text) || len(draft.Files) > 0) {
			return DraftView{}, desk.E(desk.KindConflict, doing, nil)
		}
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return DraftView{}, err
		}
		draft, err = d.passOn(ctx, m, newest(messages))
		return draftView(draft), err
	})
}

func (d *Desk) passOn(ctx context.Context, m desk.Message, base desk.MessageID) (desk.Draft, error) {
	as, err := d.identityFor(ctx, m.Account, m)
	if err != nil {
		return desk.Draft{}, err
	}
	draft, err := d.store.SaveDraft(ctx, desk.Draft{
		Account: m.Account, Conversation: m.Conversation, Identity: as.ID, Text: signed(signatureFor(as, "")),
		Subject: desk.ForwardSubject(m.Subject), Quotes: m.ID, PassesOn: true, Base: base,
	})
	if err != nil {
		return draft, err
	}
	for _, a := range m.Attachments {
		f := desk.DraftFile{Name: mailtext.AttachmentName(a.Name, a.Type), Type: a.Type, Attachment: a.ID}
		if _, err := d.store.AddDraftFile(ctx, draft.ID, f); err != nil {
			return draft, err
		}
	}
	d.runner.Go("files to pass on", func(ctx context.Context) error { return d.bringFiles(ctx, draft.ID) })
	return d.store.Draft(ctx, draft.ID)
}
