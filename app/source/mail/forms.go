package mail

import (
	"slices"

	"fernpost/app/mailtext"
)

// The form of a mail is the HTML beside its plain text. It says the same once
// more, at twice the bytes, so it comes last: of mail that arrived while Fernpost
// is in use by itself, when every text is here; of older mail when its
// conversation is on screen.

// lateForms brings forms that are to come by themselves.
func (p *pull) lateForms() (bool, error) {
	if p.req.TextOnly {
		return false, nil
	}
	for _, f := range p.folders() {
		if m := p.cur.Folders[f.name]; m != nil && len(m.Forms) > 0 {
			return true, p.bringForms(f, m, m.Forms.newest(pageTexts, 0))
		}
	}
	return false, nil
}

// focusForms brings those of the conversation on screen, once in a run.
func (p *pull) focusForms() (bool, error) {
	if p.req.TextOnly {
		return false, nil
	}
	byFolder := p.focused(func(m *mark, at place) bool {
		_, tried := p.s.memory.formed[at]
		return m.Have.has(at.uid) && !m.Texts.has(at.uid) && !tried
	})
	for _, f := range p.folders() {
		if list := byFolder[f.name]; len(list) > 0 {
			return true, p.bringForms(f, p.cur.Folders[f.name], list)
		}
	}
	return false, nil
}

func (p *pull) bringForms(f folder, m *mark, list []uint32) error {
	asked, err := p.bringAs(f, m, list, true)
	if err != nil {
		return err
	}
	for _, uid := range asked {
		m.Forms.remove(uid)
		remember(p.s.memory.formed, place{f.name, m.Epoch, uid}, true)
	}
	return nil
}

// hasTwin tells that there is a form beside the text.
func (s *shape) hasTwin() bool {
	return s != nil && slices.ContainsFunc(s.texts, func(t mailtext.Text) bool { return t.Twin })
}
