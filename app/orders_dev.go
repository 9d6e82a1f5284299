//go:build dev

package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"fernpost/store/desk"
)

// The program that a browser drives takes orders from the tests, at a loopback
// address in its environment: what others do to the practice mailbox, what goes
// wrong on the line, and what time it is. No program that ships has this file.

// ordersAddress names where orders come in.
const ordersAddress = "FERNPOST_ORDERS"

// ahead is how far the clock was set.
var ahead atomic.Int64

func wallClock() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }

// takeOrders serves until the desk closes.
func takeOrders(d *Desk) {
	address := os.Getenv(ordersAddress)
	if address == "" {
		return
	}
	var config net.ListenConfig
	listener, err := config.Listen(d.runner.ctx, "tcp", address)
	if err != nil {
		slog.Error("no orders", "kind", string(desk.KindOf(err)))
		return
	}
	server := &http.Server{Handler: d.orders(), ReadHeaderTimeout: time.Minute}
	stop := context.AfterFunc(d.runner.ctx, func() { _ = server.Close() })
	d.runner.Go("orders", func(context.Context) error {
		defer stop()
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
}

func (d *Desk) orders() http.Handler {
	mux := http.NewServeMux()
	order := func(name string, do func(r *http.Request) error) {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			d.wake()
		})
	}
	order("clock", func(r *http.Request) error {
		by, err := time.ParseDuration(r.FormValue("ahead"))
		ahead.Add(int64(by))
		d.practice.Nudge()
		return err
	})
	order("lose", func(r *http.Request) error {
		d.practice.LoseNext(r.FormValue("kept") != "", r.FormValue("off") != "")
		return nil
	})
	order("limit", func(r *http.Request) error {
		bytes, err := strconv.ParseInt(r.FormValue("bytes"), 10, 64)
		d.practice.Limit(bytes)
		return err
	})
	order("refuse", func(r *http.Request) error { return d.practice.Refuse(r.FormValue("at"), r.FormValue("reply")) })
	order("says", func(r *http.Request) error {
		found, err := d.practice.Says(r.FormValue("customer"), r.FormValue("text"), r.FormValue("colleague") != "")
		if !found {
			return cmp.Or(err, desk.E(desk.KindNotFound, "find practice customer", nil))
		}
		return err
	})
	order("done", func(r *http.Request) error { return d.practice.SetDone(r.FormValue("customer")) })
	return mux
}
