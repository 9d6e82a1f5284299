package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	mailsource "fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// A reply that the server takes and then can't deliver comes back as Exim writes
// it, and is shown at the reply.
func TestABounceOfARealServer(t *testing.T) {
	lab := maillab.Dovecot(t, mailsource.TLSPlain)
	gone := lab.Gone()
	lab.Deliver(fmt.Appendf(nil, journeyQuestion, gone.Addr, lab.Own().Addr), time.Now())
	d, err := openDesk(t.Context(), deskOptions{dir: journeyFolder(t, lab), clock: time.Now, undo: tourUndo})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	within(t, "question, reply and bounce", func(ctx context.Context) error {
		c, err := d.helpQuestion(ctx)
		if err != nil {
			return err
		}
		if err := d.helpAnswer(ctx, c.ID); err != nil {
			return err
		}
		return until(ctx, func() (bool, error) {
			d.wake()
			reports, err := d.store.Reports(ctx, c.ID)
			return len(reports) > 0, err
		})
	})
	page, err := d.store.List(t.Context(), store.ListQuery{Account: "help", View: store.ViewInbox, Limit: 5})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("it waits for us again, alone: %+v, %v", page.Rows, err)
	}
	view, err := d.conversation(t.Context(), page.Rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var said []DeliveryView
	for _, m := range view.Messages {
		if m.Direction == string(desk.FromUs) {
			said = append(said, m.Deliveries...)
		}
	}
	for _, op := range view.Outgoing {
		said = append(said, op.Deliveries...)
	}
	if len(said) != 1 || said[0].Recipient != gone.Addr || said[0].Action != "failed" || said[0].Reason != "no_mailbox" || said[0].Said == "" {
		t.Errorf("what is shown at the reply: %+v", said)
	}
	if view.Row.Customer.Address != gone.Addr || view.Row.WaitingSince == 0 {
		t.Errorf("the row: %+v", view.Row)
	}
	draft, err := d.freshDraft(t.Context(), page.Rows[0].ID)
	if err != nil || len(draft.To) != 1 || draft.To[0].Addr != gone.Addr {
		t.Errorf("nobody answers a mail server: %+v, %v", draft.To, err)
	}
}
