package app

import (
	"context"

	"fernpost/store/desk"
)

// SetBudget sets how many bytes a day an account may use; 0 lifts it.
func (s *Line) SetBudget(account string, bytes int64) error {
	return s.choose("set budget", account, func(c *desk.LineChoice) { c.Budget = bytes })
}

// SetTextOnly leaves files, pictures and HTML on the server, or no longer. ""
// means every account.
func (s *Line) SetTextOnly(account string, on bool) error {
	return s.choose("set text only", account, func(c *desk.LineChoice) { c.TextOnly = on })
}

// SetHorizon sets how many days back mail is brought in; 0 means everything.
// What is here stays here.
func (s *Line) SetHorizon(account string, days int) error {
	return s.choose("set horizon", account, func(c *desk.LineChoice) { c.Horizon = days })
}

// SetPaused stops all traffic of an account until it is resumed; a reply whose
// last bytes are just leaving ends first. "" means every account.
func (s *Line) SetPaused(account string, on bool) error {
	const doing = "pause account"
	return do(s.calls, doing, func(ctx context.Context, d *Desk) error {
		return d.each(doing, account, func(st *station) error { return d.setPaused(ctx, st, on) })
	})
}

// FetchAnyway goes on though an account's day is used up: once, or today until
// midnight.
func (s *Line) FetchAnyway(account, how string) error {
	const doing = "fetch anyway"
	return do(s.calls, doing, func(ctx context.Context, d *Desk) error {
		return d.each(doing, account, func(st *station) error {
			switch how {
			case "once":
				st.intake.Once()
				return nil
			case "today":
				if err := d.store.FreeToday(ctx, st.account.ID); err != nil {
					return err
				}
				st.intake.Wake()
				return nil
			}
			return desk.E(desk.KindInvalid, doing, nil)
		})
	})
}

func (s *Line) choose(doing, account string, edit func(*desk.LineChoice)) error {
	return do(s.calls, doing, func(ctx context.Context, d *Desk) error {
		return d.each(doing, account, func(st *station) error {
			if err := d.store.ChangeLine(ctx, st.account.ID, edit); err != nil {
				return err
			}
			st.intake.Wake()
			return nil
		})
	})
}

// each does something to one account, or with "" to every one.
func (d *Desk) each(doing, account string, fn func(st *station) error) error {
	found := account == ""
	for _, st := range d.stations.list() {
		if account != "" && string(st.account.ID) != account {
			continue
		}
		found = true
		if err := fn(st); err != nil {
			return err
		}
	}
	if !found {
		return desk.E(desk.KindNotFound, doing, nil)
	}
	return nil
}

// setPaused leaves an account alone that waits for its person to sign in, or
// that another mailbox answers for.
func (d *Desk) setPaused(ctx context.Context, st *station, on bool) error {
	from, to := desk.AccountOK, desk.AccountPaused
	if !on {
		from, to = to, from
	}
	a, err := d.store.Account(ctx, st.account.ID)
	if err != nil || a.State != from {
		return err
	}
	if err := d.store.SetAccountState(ctx, st.account.ID, to); err != nil {
		return err
	}
	if on {
		st.intake.Redial()
	} else {
		st.intake.Wake()
		st.outbox.Wake()
	}
	d.pump.outboxChanged()
	return nil
}
