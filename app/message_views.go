package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"fernpost/app/mailtext"
	"fernpost/store"
	"fernpost/store/desk"
)

// messageViews shows messages with what only the whole account knows: what
// became of the mail we sent, and whether a sender looks like somebody else.
func (d *Desk) messageViews(ctx context.Context, account desk.AccountID, messages []desk.Message, reports []store.Reported) ([]MessageView, error) {
	known, err := d.acquaintances(ctx, account)
	if err != nil {
		return nil, err
	}
	views := mapped(messages, messageView)
	for i, m := range messages {
		d.showInside(ctx, m, &views[i])
		if m.Direction == desk.FromUs {
			views[i].Deliveries = deliveriesOf(reports, m.HeaderID, m.OpID, slices.Concat(m.To, m.Cc))
			continue
		}
		if m.Kind == desk.KindBounce {
			views[i].Deliveries = deliveriesIn(reports, m.ID)
		}
		views[i].Marks = orEmpty(mailtext.Acquainted(m.Marks, m.From, m.Kind, known))
	}
	return views, nil
}

// deliveriesIn gives what one report says.
func deliveriesIn(reports []store.Reported, report desk.MessageID) []DeliveryView {
	out := []DeliveryView{}
	for _, r := range reports {
		if r.Report == report {
			out = append(out, deliveryView(r))
		}
	}
	return out
}

func deliveryView(r store.Reported) DeliveryView {
	return DeliveryView{
		Recipient: r.Recipient, Action: string(r.Action), Reason: string(r.Reason), Said: r.Diagnostic,
		Server: r.Server, At: milli(r.At), Report: r.Report.String(),
	}
}

// deliveriesOf gives the last word on each recipient of a mail.
func deliveriesOf(reports []store.Reported, headerID string, op desk.OpID, to []desk.Address) []DeliveryView {
	out := []DeliveryView{}
	for _, r := range reports {
		if !r.Of(headerID, op, to) {
			continue
		}
		v := deliveryView(r)
		same := func(o DeliveryView) bool { return strings.EqualFold(o.Recipient, v.Recipient) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = v
			continue
		}
		out = append(out, v)
	}
	return out
}

// acquaintances are remembered for a while: a mailbox may have a hundred
// thousand of them, and an hour-old answer is as good.
type acquaintances struct {
	mu    sync.Mutex
	known map[desk.AccountID]mailtext.Acquaintances
	until time.Time
}

const rememberedFor = 10 * time.Minute

func (d *Desk) acquaintances(ctx context.Context, account desk.AccountID) (mailtext.Acquaintances, error) {
	a := &d.known
	a.mu.Lock()
	defer a.mu.Unlock()
	now := d.clock()
	if now.After(a.until) || a.until.Sub(now) > rememberedFor {
		a.known, a.until = map[desk.AccountID]mailtext.Acquaintances{}, now.Add(rememberedFor)
	}
	if known, ok := a.known[account]; ok {
		return known, nil
	}
	domains, err := d.store.KnownDomains(ctx, account)
	if err != nil {
		return mailtext.Acquaintances{}, err
	}
	own, err := d.store.Identities(ctx, account)
	if err != nil {
		return mailtext.Acquaintances{}, err
	}
	known := mailtext.Acquaintances{Domains: domains}
	for _, i := range own {
		known.Own = append(known.Own, i.Address)
	}
	a.known[account] = known
	return known, nil
}
