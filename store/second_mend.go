package store

// What the disk has taken from both can leave rows that lead nowhere. mend makes
// of what is there something that can be shown and worked: whatever a person
// wrote comes before order.
const (
	mendAccounts = `
INSERT INTO main.account (id, kind, name, state)
SELECT DISTINCT x.account, 'mail', x.account, 'sign_in' FROM (
  SELECT account FROM main.conversation UNION SELECT account FROM main.draft UNION SELECT account FROM main.op
  UNION SELECT account FROM main.identity UNION SELECT account FROM main.decision) x
WHERE x.account <> '' AND NOT EXISTS (SELECT 1 FROM main.account a WHERE a.id = x.account)`
	mendConversations = `
INSERT INTO main.conversation (id, account, subject, customer_name, customer_addr, last_at_ms)
SELECT x.conversation, x.account, x.subject, x.name, x.addr, ?1 FROM (
  SELECT conversation, account, subject, to_name AS name, to_addr AS addr FROM main.op
  UNION ALL SELECT d.conversation, d.account, coalesce((SELECT subject FROM main.draft_rev r WHERE r.draft = d.id ORDER BY rev DESC LIMIT 1), ''), '', '' FROM main.draft d) x
WHERE NOT EXISTS (SELECT 1 FROM main.conversation c WHERE c.id = x.conversation) GROUP BY x.conversation`
	mendHeads = `
UPDATE main.draft AS d SET rev = (SELECT max(rev) FROM main.draft_rev r WHERE r.draft = d.id)
WHERE NOT EXISTS (SELECT 1 FROM main.draft_rev r WHERE r.draft = d.id AND r.rev = d.rev)
  AND EXISTS (SELECT 1 FROM main.draft_rev r WHERE r.draft = d.id)`
	// An attempt whose beginning isn't in the journal any more still ends.
	mendJournal = `
INSERT INTO main.attempt (op, n, phase, at_ms)
SELECT id, max(attempts, 1), 'sending', changed_ms FROM main.op o WHERE state = 'sending'
  AND NOT EXISTS (SELECT 1 FROM main.attempt a WHERE a.op = o.id AND a.n = o.attempts AND a.phase = 'sending')`
	mendAttempts = `UPDATE main.op SET attempts = 1 WHERE state = 'sending' AND attempts = 0`
	// An op that no draft stands behind can still leave; a draft that no op holds
	// is open.
	mendHolds = `
UPDATE main.draft AS d SET op = '' WHERE op <> '' AND NOT EXISTS (SELECT 1 FROM main.op o WHERE o.id = d.op)
  AND NOT EXISTS (SELECT 1 FROM main.draft e WHERE e.conversation = d.conversation AND e.op = '')`
	mendShown = `
UPDATE main.conversation SET shown = 1 WHERE shown = 0 AND (draft <> '' OR op_mark > 0)`
)

// dropOrphans takes away what belongs to nothing.
var dropOrphans = []string{
	`DELETE FROM main.draft WHERE NOT EXISTS (SELECT 1 FROM main.draft_rev r WHERE r.draft = draft.id)`,
	`DELETE FROM main.draft_rev WHERE NOT EXISTS (SELECT 1 FROM main.draft d WHERE d.id = draft_rev.draft)`,
	`DELETE FROM main.draft_file WHERE NOT EXISTS (SELECT 1 FROM main.draft d WHERE d.id = draft_file.draft)`,
	`DELETE FROM main.signature WHERE NOT EXISTS (SELECT 1 FROM main.identity i WHERE i.id = signature.identity)`,
	`DELETE FROM main.decision_message WHERE NOT EXISTS (SELECT 1 FROM main.decision d WHERE d.id = decision_message.decision)`,
	`DELETE FROM main.op_file WHERE NOT EXISTS (SELECT 1 FROM main.op o WHERE o.id = op_file.op)`,
	`DELETE FROM main.attempt WHERE NOT EXISTS (SELECT 1 FROM main.op o WHERE o.id = attempt.op)`,
}

func (t *tx) mend() error {
	for _, query := range []string{mendAccounts, mendHeads, mendAttempts, mendJournal, mendHolds} {
		if err := t.run(query); err != nil {
			return err
		}
	}
	if err := t.run(mendConversations, millis(t.now)); err != nil {
		return err
	}
	for _, query := range append(dropOrphans, mendShown) {
		if err := t.run(query); err != nil {
			return err
		}
	}
	return nil
}
