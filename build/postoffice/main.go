// Command postoffice is a real Dovecot and a real Exim for the tests of the
// screen, which are no Go programs. It says in one line of JSON where everything
// is (a desc), takes its orders over HTTP on this computer alone, and ends with
// its standard input: whoever started it need not live to stop it.
//
//	POST /NAME/customer    a mail from the customer, the body as it stands
//	GET  /NAME/received    what the customer got, a JSON list of mails
//	GET  /NAME/sent        what lies in the account's Sent, the same
//	POST /NAME/cut, /NAME/restore    the account's line
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
)

// desc tells where the servers are. Everybody's password is the same.
type desc struct {
	Orders   string             `json:"orders"` // where orders are taken
	Roots    string             `json:"roots"`  // a file with the certificate to trust
	Password string             `json:"password"`
	Accounts map[string]account `json:"accounts"`
}

// protections say by which way each account is reached.
var protections = map[string]mail.TLSMode{"help": mail.TLSImplicit, "returns": mail.TLSStart}

// account is one of ours, and its customer.
type account struct {
	Address  string      `json:"address"`
	Customer string      `json:"customer"`
	IMAP     mail.Server `json:"imap"`
	SMTP     mail.Server `json:"smtp"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "postoffice:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	return maillab.OnStage(func(s maillab.Stage) error {
		servers := maillab.NewServers(s)
		d := desc{Password: maillab.OnePassword, Accounts: map[string]account{}}
		orders := http.NewServeMux()
		for _, name := range []string{"help", "returns"} {
			lab := servers.Lab(s, protections[name])
			settings := lab.Settings()
			d.Roots = lab.RootsFile
			d.Accounts[name] = account{Address: lab.Own().Addr, Customer: lab.Customer().Addr, IMAP: settings.IMAP, SMTP: settings.SMTP}
			take(orders, "/"+name, lab)
		}
		var config net.ListenConfig
		ln, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := &http.Server{Handler: orders, ReadHeaderTimeout: time.Minute}
		s.Cleanup(func() { _ = server.Close() })
		go func() { _ = server.Serve(ln) }() // ended by the cleanup
		d.Orders = "http://" + ln.Addr().String()
		if err := json.NewEncoder(os.Stdout).Encode(d); err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	})
}

func take(orders *http.ServeMux, at string, lab *maillab.Lab) {
	order := func(what string, do func(w http.ResponseWriter, r *http.Request) error) {
		orders.HandleFunc(what, func(w http.ResponseWriter, r *http.Request) {
			if err := do(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	order("POST "+at+"/customer", func(_ http.ResponseWriter, r *http.Request) error {
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			lab.Deliver(raw, time.Now())
		}
		return err
	})
	list := func(mails func() [][]byte) func(http.ResponseWriter, *http.Request) error {
		return func(w http.ResponseWriter, _ *http.Request) error {
			texts := []string{}
			for _, m := range mails() {
				texts = append(texts, string(m))
			}
			return json.NewEncoder(w).Encode(texts)
		}
	}
	order("GET "+at+"/received", list(lab.Received))
	order("GET "+at+"/sent", list(lab.Sent))
	line := func(change func()) func(http.ResponseWriter, *http.Request) error {
		return func(http.ResponseWriter, *http.Request) error {
			change()
			return nil
		}
	}
	order("POST "+at+"/cut", line(lab.Cut))
	order("POST "+at+"/restore", line(lab.Restore))
}
