package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"fernpost/build/benchmark/invented"
)

// runMemory is build/bench memory: the first sync of a small and of a large
// mailbox, which must not need more memory for it.
func runMemory(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("memory", flag.ContinueOnError)
	dir := flags.String("dir", filepath.Join("build", "out", "bench"), "where the stores are made")
	sizes := flags.String("sizes", "10000,1000000", "mails in each mailbox, with commas between; a million takes many minutes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	base, err := filepath.Abs(filepath.Join(*dir, "memory"))
	if err != nil {
		return err
	}
	var t table
	t.section("Memory of a first sync, everything with its text; every third number is missing")
	var first deskReport
	for size := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n <= 0 {
			return fmt.Errorf("%q is no number of mails", size)
		}
		r, u, err := syncInvented(ctx, base, n)
		if err != nil {
			return err
		}
		note := fmt.Sprintf("heap at most %s, largest cursor %s; %s", megabytes(r.Heap), kilobytes(r.Cursor), spent(u))
		if first.Heap == 0 {
			first = r
		} else {
			note += fmt.Sprintf("; heap %.2f of the first", float64(r.Heap)/float64(first.Heap))
		}
		t.add(row{what: fmt.Sprintf("%d mails", n), note: note})
		say("%d mails: %s", n, note)
	}
	return t.print(os.Stdout)
}

// syncInvented brings all of a mailbox in that is made up.
func syncInvented(ctx context.Context, dir string, mails int) (r deskReport, u usage, err error) {
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return r, u, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return r, u, err
	}
	go func() { _ = invented.Mailbox{Mails: mails, Newest: newest, Addr: us.Addr}.Serve(ln) }()
	defer ln.Close()
	o := deskOrder{Dir: dir, Server: ln.Addr().String(), User: us.Addr, Password: "any", Texts: mails}
	said, u, err := timedRun(exec.CommandContext(ctx, self(), o.args()...))
	if err == nil {
		err = json.Unmarshal(said, &r)
	}
	if err == nil && (r.Heads != mails || r.Texts != mails) {
		err = fmt.Errorf("%d heads and %d texts of %d mails", r.Heads, r.Texts, mails)
	}
	return r, u, err
}
