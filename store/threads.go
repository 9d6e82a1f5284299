package store

import (
	"slices"
	"strings"

	"fernpost/store/desk"
)

// Threading is a union over keys: a message belongs together with everything
// that names one of the Message-IDs it names, its own among them. A union
// doesn't care for the order it is built in, so any order of arrival gives the
// same conversations. Where more than references counts, arrange.go has the
// last word at the end of the page.

// A mail with thousands of references is an attack or a defect; the beginning
// and the end of the chain are what counts. The cut depends on the mail alone.
const (
	referencesFirst = 10
	referencesLast  = 90
)

// threadKeys gives a message's own key, then the Message-IDs it refers to,
// oldest first.
func threadKeys(a *desk.Arrival) []string {
	h := a.Head
	own := h.HeaderID
	switch {
	case own != "":
	case a.Stable != "":
		own = stableKey(a.Stable)
	default:
		own = "place:" + a.Remote.Scope + "/" + a.Remote.Epoch + "/" + a.Remote.ID
	}
	keys := []string{own}
	for _, r := range cutReferences(h.References) {
		if !slices.Contains(keys, r) {
			keys = append(keys, r)
		}
	}
	return keys
}

// stableKey names a mail without Message-ID, "" for one that nothing names.
func stableKey(stable string) string {
	if stable == "" {
		return ""
	}
	return "stable:" + stable
}

func cutReferences(refs []string) []string {
	if len(refs) > referencesFirst+referencesLast {
		refs = slices.Concat(refs[:referencesFirst], refs[len(refs)-referencesLast:])
	}
	return slices.DeleteFunc(slices.Clone(refs), func(r string) bool { return r == "" })
}

const (
	selectKey          = `SELECT conversation FROM conversation_key WHERE key = ?1 AND account = ?2`
	selectMixed        = `SELECT mixed FROM conversation WHERE id = ?1`
	insertKey          = `INSERT INTO conversation_key (key, account, conversation) VALUES (?1, ?2, ?3)`
	selectOpHome       = `SELECT conversation FROM op WHERE id = ?1 AND account = ?2 AND kind = 'reply'`
	insertConversation = `INSERT INTO conversation (account) VALUES (?1)`
)

// uuidLength is that of an op's id, the local part of our Message-IDs.
const uuidLength = 36

// thread finds or makes the conversation that keys belong to; home is one that
// is known already, as of the op that made the message, or 0. The oldest local
// conversation takes the others in. Where a person decided, or more than
// references made a conversation, nothing is merged: it is arranged anew.
func (in *incoming) thread(keys []string, home int64) (int64, error) {
	var homes []int64
	if home != 0 {
		homes = append(homes, home)
	}
	var missing []string
	for _, key := range keys {
		var id int64
		found, err := in.tx.find(selectKey, []any{key, in.account}, &id)
		if err != nil {
			return 0, err
		}
		if !found {
			missing = append(missing, key)
			// An answer to a reply whose own copy hasn't come yet.
			if local := localPart(key); len(local) == uuidLength && strings.Contains(key, "@") {
				found, err = in.tx.find(selectOpHome, []any{local, in.account}, &id)
				if err != nil {
					return 0, err
				}
			}
		}
		if found && !slices.Contains(homes, id) {
			homes = append(homes, id)
		}
	}
	if len(homes) == 0 {
		id, err := in.insert(insertConversation, in.account)
		if err != nil {
			return 0, err
		}
		in.born[id] = true
		homes = append(homes, id)
	}
	slices.Sort(homes)
	mixed, err := in.anyMixed(homes)
	if err != nil {
		return 0, err
	}
	for _, other := range homes[1:] {
		if mixed {
			break
		}
		if err := in.merge(homes[0], other); err != nil {
			return 0, err
		}
	}
	for _, key := range missing {
		if err := in.do(insertKey, key, in.account, homes[0]); err != nil {
			return 0, err
		}
	}
	return homes[0], nil
}

func (in *incoming) anyMixed(homes []int64) (mixed bool, err error) {
	for _, c := range homes {
		var is bool
		if in.born[c] { // only arrange mixes, at the page's end
			mixed = mixed || in.unsettled[c]
			continue
		}
		if err := in.row(selectMixed, []any{c}, &is); err != nil {
			return false, err
		}
		mixed = mixed || is || in.unsettled[c]
	}
	if mixed {
		for _, c := range homes {
			in.unsettle(c)
		}
	}
	return mixed, nil
}

const (
	mergeMessages = `UPDATE message SET conversation = ?1 WHERE conversation = ?2`
	mergeKeys     = `UPDATE conversation_key SET conversation = ?1 WHERE conversation = ?2`
	mergeOps      = `UPDATE op SET conversation = ?1 WHERE conversation = ?2`
	mergeHeld     = `UPDATE draft SET conversation = ?1 WHERE conversation = ?2 AND op <> ''`
	mergeMerged   = `UPDATE conversation_merged SET into_conversation = ?1 WHERE into_conversation = ?2`
	insertMerged  = `INSERT INTO conversation_merged (id, into_conversation) VALUES (?2, ?1)`
	deleteMerged  = `DELETE FROM conversation WHERE id = ?1`
)

// merge moves everything of conversation other into conversation into. Ids and
// keys of the other lead on for ever.
func (in *incoming) merge(into, other int64) error {
	if err := in.mergeStanding(into, other); err != nil {
		return err
	}
	if err := in.moveOpenDraft(into, other); err != nil {
		return err
	}
	for _, query := range []string{mergeMessages, mergeKeys, mergeOps, mergeHeld, mergeMerged} {
		if err := in.do(query, into, other); err != nil {
			return err
		}
	}
	if err := in.do(deleteMerged, other); err != nil {
		return err
	}
	if err := in.do(insertMerged, into, other); err != nil {
		return err
	}
	delete(in.touched, other)
	if in.unsettled[other] {
		delete(in.unsettled, other)
		in.unsettle(into)
	}
	in.touch(into)
	in.changed.conversation(other) // a screen may have it open
	return nil
}

type standing struct {
	status, over                desk.Status
	chosen                      bool
	settled, snoozed, waitingMS int64
}

const (
	selectStanding = `SELECT status, chosen, settled, snoozed_until_ms, waiting_since_ms FROM conversation WHERE id = ?1`
	updateStanding = `UPDATE conversation SET status = ?2, chosen = ?3, settled = ?4, snoozed_until_ms = ?5, over = told WHERE id = ?1`
)

func scanStanding(r scanner) (s standing, err error) {
	err = r.Scan(&s.status, &s.chosen, &s.settled, &s.snoozed, &s.waitingMS)
	return s, err
}

// mergeStanding decides what a person's choice on one of two conversations
// means for both: the later choice wins, but a customer who was shown as
// waiting is never hidden by it.
func (in *incoming) mergeStanding(into, other int64) error {
	a, err := oneOf(in.tx, selectStanding, []any{into}, scanStanding)
	if err != nil {
		return err
	}
	b, err := oneOf(in.tx, selectStanding, []any{other}, scanStanding)
	if err != nil {
		return err
	}
	merged := a
	if b.chosen && (!a.chosen || b.settled > a.settled) {
		merged = b
	}
	for _, s := range []standing{a, b} {
		if !s.chosen && s.status == desk.StatusOpen && s.waitingMS > 0 {
			merged = standing{status: desk.StatusOpen}
		}
	}
	return in.do(updateStanding, into, merged.status, bit(merged.chosen), merged.settled, merged.snoozed)
}
