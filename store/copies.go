package store

import (
	"strings"

	"fernpost/store/desk"
)

// ourOp is the op whose effect an arrival is.
type ourOp struct {
	id           desk.OpID
	conversation int64
}

const selectSentOp = `
SELECT id, conversation FROM op WHERE id = ?1 AND account = ?2 AND kind = 'reply' AND attempts > 0`

// ourOp finds the op that made a mail. A stranger who repeats our Message-ID
// or our token must not be taken for us: the mail has to come from one of the
// account's own addresses, and the op must have been tried.
func (in *incoming) ourOp(h *desk.Head) (op ourOp, err error) {
	if !h.FromUs {
		return op, nil
	}
	for _, id := range []string{string(h.OpID), localPart(h.HeaderID)} {
		if id == "" {
			continue
		}
		found, err := in.tx.find(selectSentOp, []any{id, in.account}, &op.id, &op.conversation)
		if err != nil || found {
			return op, err
		}
	}
	return op, nil
}

func localPart(headerID string) string {
	local, _, _ := strings.Cut(headerID, "@")
	return local
}
