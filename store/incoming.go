package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"fernpost/store/desk"
)

// Page is what intake stores in one transaction with its cursor.
type Page struct {
	Account  desk.AccountID
	Items    []desk.Arrival
	Cursor   []byte    // nil keeps the stored one
	Reset    []string  // scopes whose epoch is gone
	Verified time.Time // everything that lay on the server by then is here; zero: more is to come
	// Dug pages hold old mail that a person searched the server for: nobody waits
	// for an answer to it, so conversations that are only of it come in done.
	Dug  bool
	More bool // another page follows at once: the search index may wait for it
	// ForReply is the look before a reply leaves: on a full disk it may use the
	// room that is kept for what a person does.
	ForReply bool
}

// Applied says what a page brought.
type Applied struct {
	New     int // messages that were not here before
	Texts   int
	Changed int
	OpsSeen []desk.OpID // ops whose copy was seen on the server in this page
}

// Apply stores a page: upserts messages, binds remote ids, threads and merges
// conversations (any order of arrival gives the same result), reopens waiting,
// snoozed and done for a customer's message (not for bounce, auto or list),
// links ops to their messages, moves the cursor. Replaying a page changes
// nothing and announces nothing.
func (s *Store) Apply(ctx context.Context, p Page) (Applied, error) {
	const doing = "store page"
	write := s.write
	if p.ForReply {
		write = s.writeWork
	} else if err := s.fetching(doing); err != nil {
		return Applied{}, err
	}
	var in *incoming
	err := write(ctx, doing, func(t *tx) error {
		in = newIncoming(t, p.Account)
		if err := t.mustHaveAccount(p.Account); err != nil {
			return err
		}
		for _, scope := range p.Reset {
			if err := t.do(forgetScope, p.Account, scope); err != nil {
				return err
			}
		}
		for _, a := range paired(p.Items) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := in.take(a); err != nil {
				return err
			}
		}
		if err := in.writeFlags(); err != nil {
			return err
		}
		if err := in.meetAll(); err != nil {
			return err
		}
		if err := in.arrange(); err != nil {
			return err
		}
		if p.Dug {
			if err := in.settleBorn(); err != nil {
				return err
			}
		}
		if err := in.summarize(); err != nil {
			return err
		}
		if err := t.moveCursor(p); err != nil {
			return err
		}
		return in.writeIndex(p.More)
	})
	if err != nil {
		return Applied{}, err
	}
	return in.applied, nil
}

// incoming is one page on its way into the store.
type incoming struct {
	*tx
	account   desk.AccountID
	places    map[[2]string]int64 // scope, epoch → place
	touched   map[int64]bool      // conversations to summarize
	unsettled map[int64]bool      // conversations to arrange anew
	born      map[int64]bool      // conversations that this page began
	met       map[string]*meeting // people of its new messages, by folded address
	remotes   int64               // the newest row of remote; 0: not looked up
	decided   *bool               // whether anybody ever decided what belongs together
	indexing  map[int64]bool      // messages to index, and whether the index has an entry of each
	flagged   map[int64]flagging  // what is to be written of messages' flags
	applied   Applied
}

func newIncoming(t *tx, a desk.AccountID) *incoming {
	return &incoming{
		tx: t, account: a, places: map[[2]string]int64{}, touched: map[int64]bool{}, unsettled: map[int64]bool{},
		indexing: map[int64]bool{}, flagged: map[int64]flagging{}, born: map[int64]bool{}, met: map[string]*meeting{},
	}
}

// paired puts a text that comes behind its head in the same page to the head:
// the message is then written once. Nothing else changes its place.
func paired(items []desk.Arrival) []*desk.Arrival {
	all := make([]*desk.Arrival, 0, len(items))
	heads := map[desk.RemoteRef]int{} // where in all, while nothing else came of the message
	for i := range items {
		a := &items[i]
		at, open := heads[a.Remote]
		delete(heads, a.Remote)
		switch {
		case open && a.Kind == desk.ArrivalText && a.Flags == nil:
			both := *all[at]
			both.Body = a.Body
			all[at] = &both
			continue
		case a.Kind == desk.ArrivalHead && a.Body == nil:
			heads[a.Remote] = len(all)
		}
		all = append(all, a)
	}
	return all
}

const forgetScope = `
DELETE FROM remote WHERE place IN (SELECT id FROM place WHERE account = ?1 AND scope = ?2)`

func (in *incoming) take(a *desk.Arrival) error {
	if a.Remote.ID == "" {
		return desk.E(desk.KindInvalid, "take arrival", errors.New("no remote id"))
	}
	switch a.Kind {
	case desk.ArrivalHead:
		return in.head(a)
	case desk.ArrivalText, desk.ArrivalFlags:
		k, err := in.find(a)
		if err != nil || k.id == 0 {
			return err // its head was never here: there is nothing to complete
		}
		if err := in.body(k, a); err != nil {
			return err
		}
		in.flags(k, a)
		return nil
	case desk.ArrivalGone:
		return in.vanish(a)
	}
	return desk.E(desk.KindInvalid, "take arrival", errors.New("unknown kind"))
}

// known is what must be looked at of a message that is here already.
type known struct {
	id, conversation   int64
	at                 int64 // milliseconds
	direction          desk.Direction
	kind               desk.MessageKind
	state              desk.TextState
	textFrom           int64 // the remote its text came from
	seen, answered     bool
	junk, gone         bool
	keywords, declared string
	op                 desk.OpID

	remote    int64 // the place it was asked for by, 0 when that is new
	version   string
	fresh     bool // inserted just now, with all that came
	unindexed bool // hidden until now
}

const knownColumns = `m.id, m.conversation, m.direction, m.text_state, m.text_remote, m.seen, m.answered, m.junk, m.gone, m.keywords, m.declared, m.op, m.at_ms, m.kind`

func (k *known) columns() []any {
	return []any{
		&k.id, &k.conversation, &k.direction, &k.state, &k.textFrom, &k.seen, &k.answered, &k.junk, &k.gone,
		&k.keywords, &k.declared, &k.op, &k.at, &k.kind,
	}
}

const selectKnownRemote = `
SELECT ` + knownColumns + `, r.id, r.version
FROM remote r JOIN message m ON m.id = r.message WHERE r.place = ?1 AND r.rid = ?2`

const selectKnownStable = `
SELECT ` + knownColumns + ` FROM message m
WHERE m.stable = ?2 AND m.stable <> '' AND m.account = ?1 AND (?3 = '' OR m.header_id = ?3) ORDER BY m.id LIMIT 1`

const selectKnownOp = `SELECT ` + knownColumns + ` FROM message m WHERE m.op = ?2 AND m.op <> '' AND m.account = ?1 LIMIT 1`

// find looks a message up by its place, else by what survives a new numbering.
// k.id is 0 when it isn't here.
func (in *incoming) find(a *desk.Arrival) (k known, err error) {
	if place, ok, err := in.place(a.Remote, false); err != nil {
		return k, err
	} else if ok {
		found, err := in.tx.find(selectKnownRemote, []any{place, a.Remote.ID}, append(k.columns(), &k.remote, &k.version)...)
		if err != nil || found {
			return k, err
		}
	}
	_, err = in.tx.find(selectKnownStable, []any{in.account, a.Stable, headerID(a)}, k.columns()...)
	return k, err
}

func headerID(a *desk.Arrival) string {
	if a.Head == nil {
		return ""
	}
	return a.Head.HeaderID
}

const (
	selectPlace = `SELECT id FROM place WHERE account = ?1 AND scope = ?2 AND epoch = ?3`
	insertPlace = `INSERT INTO place (account, scope, epoch) VALUES (?1, ?2, ?3)`
)

// place gives the row of a folder in one numbering; add makes it.
func (in *incoming) place(r desk.RemoteRef, add bool) (id int64, ok bool, err error) {
	at := [2]string{r.Scope, r.Epoch}
	if id, ok = in.places[at]; ok {
		return id, true, nil
	}
	ok, err = in.tx.find(selectPlace, []any{in.account, r.Scope, r.Epoch}, &id)
	if err == nil && !ok && add {
		id, err = in.insert(insertPlace, in.account, r.Scope, r.Epoch)
		ok = err == nil
	}
	if ok {
		in.places[at] = id
	}
	return id, ok, err
}

// touch has a conversation summarized, and announced as changed.
func (in *incoming) touch(conversation int64) {
	in.touched[conversation] = true
	in.changed.conversation(conversation)
}

func (in *incoming) summarize() error {
	all := make([]int64, 0, len(in.touched))
	for id := range in.touched {
		all = append(all, id)
	}
	slices.Sort(all)
	for _, id := range all {
		if err := in.tx.summarize(id); err != nil {
			return err
		}
	}
	return nil
}
