package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

const (
	account  desk.AccountID = "bench"
	pageSize                = 500
	fashion                 = 2 // of the letters: counts up when what is written changes
	spacing                 = 5 * time.Minute
)

var us = desk.Address{Name: "Bench", Addr: "help@bench.example"}

// newest is when the newest conversation began: fixed, so that two runs of the
// program fill the same store.
var newest = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// facts are what is known of a filled store.
type facts struct {
	messages int64
	bytes    int64
	filled   time.Duration // 0 when it was there from an earlier run
}

func (f facts) rate() float64 { return float64(f.messages) / f.filled.Seconds() }

// prepare fills the store in dir unless an earlier run did.
func prepare(ctx context.Context, dir string, n int) (facts, error) {
	var f facts
	mark := filepath.Join(dir, "filled")
	schema, err := schemaSum()
	if err != nil {
		return f, err
	}
	want := fmt.Sprintf("%d conversations, fashion %d, schema %s", n, fashion, schema)
	if there, err := os.ReadFile(mark); err != nil || string(there) != want {
		if err := os.RemoveAll(dir); err != nil {
			return f, err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return f, err
		}
		began := time.Now()
		if err := fill(ctx, dir, n); err != nil {
			return f, err
		}
		f.filled = time.Since(began)
		if err := os.WriteFile(mark, []byte(want), 0o600); err != nil {
			return f, err
		}
	}
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return f, err
	}
	h, err := s.Health(ctx, false)
	f.messages, f.bytes = h.Messages, h.MainBytes+h.BlobBytes
	return f, errors.Join(err, s.Close())
}

// schemaSum names the schema of the checkout: a store of another one is filled
// anew, because migrations are not what is measured.
func schemaSum() (string, error) {
	files, err := filepath.Glob(filepath.Join("store", "sql", "schema", "*.sql"))
	if err == nil && len(files) == 0 {
		err = errors.New("no schema here: run it from the checkout's root")
	}
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

// fill brings n conversations in, newest first, as a first sync does: answers
// arrive before what they answer.
func fill(ctx context.Context, dir string, n int) error {
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	return errors.Join(fillStore(ctx, s, n), s.Close())
}

func fillStore(ctx context.Context, s *store.Store, n int) error {
	// Nobody answers there: the window is measured with its line cut.
	nobody := mail.Server{Host: "127.0.0.1", Port: 1, TLS: mail.TLSPlain}
	settings := mail.Settings{Username: "bench", Addresses: []string{us.Addr}, IMAP: nobody, SMTP: nobody}
	err := s.PutAccount(ctx, desk.Account{
		ID: account, Kind: desk.AccountMail, Name: us.Name, State: desk.AccountPaused,
		Address: us, Settings: settings.Marshal(), Created: newest,
	})
	if err != nil {
		return err
	}
	w := newWriter(uint64(n))
	said := 20_000
	page := store.Page{Account: account, Verified: newest}
	for i := range n {
		page.Items = append(page.Items, w.conversation(i)...)
		if len(page.Items) < pageSize && i < n-1 {
			continue
		}
		page.Cursor = []byte(strconv.Itoa(i))
		if _, err := s.Apply(ctx, page); err != nil {
			return err
		}
		page.Items = page.Items[:0]
		if i >= said {
			fmt.Fprintf(os.Stderr, "filling: %d of %d conversations\n", i, n)
			said += 20_000
		}
	}
	return nil
}

// conversation gives the i-th newest conversation, its newest message first:
// one to five messages, three on average, customer and desk in turn.
func (w writer) conversation(i int) []desk.Arrival {
	t := pick(w, tongues)
	customer := desk.Address{Name: pick(w, t.names), Addr: fmt.Sprintf("customer%d@mail.example", i)}
	subject := w.fill(pick(w, t.subjects), i)
	count := 1 + w.rng.IntN(5)
	root := newest.Add(-time.Duration(i) * spacing)
	arrivals := make([]desk.Arrival, 0, count)
	var before []string
	for k := range count {
		l := letter{tongue: t, conversation: i, place: k, customer: customer, subject: subject, references: before}
		l.at = root.Add(time.Duration(k) * 7 * time.Hour)
		arrivals = append(arrivals, w.arrival(l))
		before = append(before[:len(before):len(before)], l.headerID())
	}
	for a, z := 0, len(arrivals)-1; a < z; a, z = a+1, z-1 {
		arrivals[a], arrivals[z] = arrivals[z], arrivals[a]
	}
	return arrivals
}

// letter is one message before it is an arrival.
type letter struct {
	tongue       tongue
	conversation int
	place        int // in its conversation; even ones are the customer's
	customer     desk.Address
	subject      string
	references   []string
	at           time.Time
}

func (l letter) headerID() string {
	return fmt.Sprintf("%d.%d@mail.example", l.conversation, l.place)
}

func (w writer) arrival(l letter) desk.Arrival {
	head := &desk.Head{
		At: l.at, HeaderID: l.headerID(), References: l.references, From: l.customer, To: []desk.Address{us},
		Subject: l.subject, Kind: desk.KindPerson, Folder: desk.RoleInbox, Size: 4000,
	}
	body := &desk.Body{Text: w.text(l.tongue, l.conversation), Language: l.tongue.code}
	if l.place > 0 {
		head.Subject = "Re: " + l.subject
		body.Quoted = "> " + strings.Repeat("…", 40)
	}
	if l.place%2 == 1 {
		head.From, head.To = us, []desk.Address{l.customer}
		head.FromUs, head.Folder = true, desk.RoleSent
		body = &desk.Body{Text: w.fill(answer, l.conversation), Language: "en"}
	}
	return desk.Arrival{
		Kind:   desk.ArrivalHead,
		Remote: desk.RemoteRef{Scope: string(head.Folder), Epoch: "1", ID: l.headerID()},
		Stable: l.headerID(), Head: head, Body: body,
		Flags: &desk.Flags{Seen: l.conversation > 200},
	}
}
