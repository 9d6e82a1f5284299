package app

import (
	"context"
	"slices"
	"sync"
)

// mostAlerts is how many different words of one server wait to be read; older
// ones make room.
const mostAlerts = 5

// alerts are what an account's server says to people (RFC 9051 7.1), until a
// person has read them. Many servers say the same at every sign-in: what was
// dismissed stays away as long as the program runs.
type alerts struct {
	mu     sync.Mutex
	unread []string // newest first
	read   []string // newest last
}

// hear takes a text in; false when it is known.
func (a *alerts) hear(text string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if slices.Contains(a.unread, text) || slices.Contains(a.read, text) {
		return false
	}
	a.unread = append([]string{text}, a.unread...)
	a.unread = a.unread[:min(len(a.unread), mostAlerts)]
	return true
}

func (a *alerts) list() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string{}, a.unread...)
}

func (a *alerts) dismiss(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unread = slices.DeleteFunc(a.unread, func(t string) bool { return t == text })
	if !slices.Contains(a.read, text) {
		a.read = append(a.read, text)
		a.read = a.read[max(0, len(a.read)-4*mostAlerts):]
	}
}

// DismissAlert takes away what an account's server said to people: it was read.
func (s *Line) DismissAlert(account, text string) error {
	const doing = "dismiss alert"
	return do(s.calls, doing, func(_ context.Context, d *Desk) error {
		return d.each(doing, account, func(st *station) error {
			st.alerts.dismiss(text)
			d.pump.lineChanged()
			return nil
		})
	})
}
