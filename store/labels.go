package store

import (
	"slices"
	"strings"
)

// labels are the keywords that people gave: not those of the system ("\Seen"),
// of standards and programs ("$Forwarded"), or of spam filters.
func labels(keywords string) []string {
	all, err := unlist[string](keywords)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(k string) bool {
		if k == "" || k[0] == '$' || k[0] == '\\' {
			return true
		}
		switch strings.ToLower(k) {
		case "junk", "nonjunk", "notjunk", "forwarded", "redirected", "mdnsent", "old":
			return true
		}
		return false
	})
}

const (
	deleteLabels = `DELETE FROM conversation_label WHERE conversation = ?1`
	insertLabel  = `INSERT INTO label (account, name) SELECT account, ?2 FROM conversation WHERE id = ?1 ON CONFLICT (account, name) DO NOTHING`
	linkLabel    = `
INSERT INTO conversation_label (label, conversation)
SELECT l.id, c.id FROM conversation c JOIN label l ON l.account = c.account AND l.name = ?2 WHERE c.id = ?1`
)

func (t *tx) label(conversation int64, names []string) error {
	if err := t.do(deleteLabels, conversation); err != nil {
		return err
	}
	for _, name := range names {
		if err := t.do(insertLabel, conversation, name); err != nil {
			return err
		}
		if err := t.do(linkLabel, conversation, name); err != nil {
			return err
		}
	}
	return nil
}
