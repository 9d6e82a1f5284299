package app

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// What a server says to people stands in its account's status until somebody has
// read it, also where it lets nobody in.
func TestWhatAServerSaysToPeople(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() { alarming(c) })
		}
	})
	d, accounts, calls := accountsDesk(t, outside{})
	t.Cleanup(func() { _ = ln.Close(); _ = d.Close(); all.Wait() })
	here := ServerView{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: "plain"}
	id, err := accounts.Connect(MailboxSetup{
		Address: "amira@shop.example", Username: "amira", IMAP: here, SMTP: here, SignIn: signInPassword, Folders: []string{},
	}, MailboxSecrets{Password: "rain"})
	if err != nil {
		t.Fatal(err)
	}
	line := Line{calls}
	says := func(want ...string) func(context.Context) (bool, error) {
		return func(context.Context) (bool, error) {
			view, err := line.Status()
			for _, a := range view.Accounts {
				if a.ID == id {
					return slices.Equal(a.Alerts, want), err
				}
			}
			return false, err
		}
	}
	d.eventually(t, "both texts", says("Full from [noon] \uFFFD on", "Closed on Saturday"))
	if err := line.DismissAlert(id, "Closed on Saturday"); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "one text", says("Full from [noon] \uFFFD on"))
	st, err := d.station("1")
	if err == nil && len(st.alerts.list()) > 0 {
		t.Error("another account's server is said to have said it")
	}
}

func TestAlertsAreSaidOnce(t *testing.T) {
	var a alerts
	for i := range 2 * mostAlerts {
		if !a.hear(fmt.Sprint(i)) || a.hear(fmt.Sprint(i)) {
			t.Errorf("text %d", i)
		}
	}
	if got := a.list(); len(got) != mostAlerts || got[0] != "9" {
		t.Errorf("%q", got)
	}
	a.dismiss("9")
	if a.hear("9") || len(a.list()) != mostAlerts-1 {
		t.Errorf("what was read comes again: %q", a.list())
	}
}

// alarming says one thing before it refuses a sign-in, and another with the refusal.
func alarming(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	_, _ = fmt.Fprint(c, "* OK here\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, verb, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case verb == "CAPABILITY":
			_, _ = fmt.Fprintf(c, "* CAPABILITY IMAP4rev1\r\n%s OK\r\n", tag)
		default:
			_, _ = fmt.Fprintf(c, "* NO [ALERT] Closed on \u202eSaturday\r\n%s NO [ALERT] Full  from [noon] \xff on\r\n", tag)
		}
	}
}
