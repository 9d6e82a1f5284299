package store

import (
	"context"

	"fernpost/store/desk"
)

// customerColumns are what customer is read from.
const customerColumns = `from_name, from_addr, customer_name, customer_addr, via, ask, named_name, named_addr, named_via`

// customer is what head and text say of who wrote.
type customer struct {
	from, head, text  desk.Address
	via, ask, textVia desk.Via
}

// who gives the customer. What a text says counts only where the head asks for
// it; of mail that one of us passed on, only a passed-on head does.
func (c customer) who() (desk.Address, desk.Via) {
	switch {
	case c.text.Addr != "" && c.ask != desk.ViaDirect && (c.ask == desk.ViaForm || c.textVia == desk.ViaForwarded):
		return c.text, c.textVia
	case c.head.Addr != "":
		return c.head, c.via
	}
	return c.from, desk.ViaDirect
}

const selectConversationsWith = `
SELECT ` + conversationColumns + ` FROM conversation
WHERE account = ?1 AND customer_addr = ?2 COLLATE NOCASE AND shown = 1 ORDER BY last_at_ms DESC LIMIT ?3`

// ConversationsWith gives an account's conversations with a customer, the newest
// first.
func (s *Store) ConversationsWith(ctx context.Context, a desk.AccountID, address string, limit int) ([]desk.Conversation, error) {
	all, err := many(ctx, s.main, selectConversationsWith, []any{a, address, limit}, s.plainConversation)
	return all, wrap("read conversations of customer", err)
}
