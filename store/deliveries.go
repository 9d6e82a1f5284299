package store

import (
	"context"
	"slices"

	"fernpost/store/desk"
)

const (
	updateConcerns = `UPDATE message SET concerns = ?2 WHERE id = ?1 AND concerns <> ?2`
	putDelivery    = `
INSERT INTO delivery (report, folded, recipient, action, status, reason, diagnostic, server)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (report, folded) DO UPDATE SET action = excluded.action, status = excluded.status,
  reason = excluded.reason, diagnostic = excluded.diagnostic, server = excluded.server`
)

// report keeps what a bounce says, and brings it to the mail it is about: by
// Message-ID or our token, else to the newest mail to the address it names. Only
// a mail whose head looks like a bounce is believed to be one.
func (in *incoming) report(k known, r *desk.Report) error {
	if r == nil || k.kind != desk.KindBounce {
		return nil
	}
	for _, d := range r.Deliveries {
		err := in.do(putDelivery, k.id, folded(d.Recipient), d.Recipient, d.Action, d.Status, d.Reason, d.Diagnostic, d.Server)
		if err != nil {
			return err
		}
	}
	in.touch(k.conversation)
	var concerns []string
	if r.Original != "" {
		concerns = append(concerns, r.Original)
	}
	if r.OpID != "" {
		concerns = append(concerns, string(r.OpID)+"@")
	}
	n, err := in.exec(updateConcerns, k.id, list(concerns))
	if err != nil {
		return err
	}
	if n > 0 {
		if _, err := in.thread(concerns, k.conversation); err != nil {
			return err
		}
		// It may have been merged just now; whoever it belongs to is announced there.
		if err := in.row(selectHome, []any{k.id}, &k.conversation); err != nil {
			return err
		}
	}
	in.touch(k.conversation)
	return in.refile(k, matters{asks: in.reportAsks(r)})
}

const selectDeliveries = `
SELECT m.id, m.at_ms, m.concerns, d.recipient, d.action, d.status, d.reason, d.diagnostic, d.server
FROM message m JOIN delivery d ON d.report = m.id
WHERE m.conversation = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1)
  AND m.kind = 'bounce' AND m.gone = 0
ORDER BY m.at_ms, m.id, d.folded`

// Reported is what one report says of one recipient. Concerns are the
// Message-IDs of the mail it is about, and our token with an @ behind; none
// where the report doesn't say.
type Reported struct {
	desk.Delivery
	Concerns []string
}

// Reports gives what bounces of a conversation say, oldest first.
func (s *Store) Reports(ctx context.Context, c desk.ConversationID) ([]Reported, error) {
	all, err := many(ctx, s.main, selectDeliveries, []any{c}, func(r scanner) (d Reported, err error) {
		var at int64
		var concerns string
		err = r.Scan(&d.Report, &at, &concerns, &d.Recipient, &d.Action, &d.Status, &d.Reason, &d.Diagnostic, &d.Server)
		if err != nil {
			return d, err
		}
		d.At = moment(at)
		d.Concerns, err = unlist[string](concerns)
		return d, err
	})
	return all, wrap("read reports", err)
}

// Of tells whether the report is about a mail: by its Message-ID or its op,
// else by its recipients where the report names no mail.
func (r Reported) Of(headerID string, op desk.OpID, to []desk.Address) bool {
	if len(r.Concerns) > 0 {
		return slices.ContainsFunc(r.Concerns, func(key string) bool {
			return key == headerID || op != "" && localPart(key) == string(op)
		})
	}
	return slices.ContainsFunc(to, func(a desk.Address) bool { return a.Same(desk.Address{Addr: r.Recipient}) })
}
