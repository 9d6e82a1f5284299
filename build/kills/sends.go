package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"fernpost/app/source/mail/maillab"
)

// killSends kills the program at random moments of a send, n times. Every
// second reply has another one behind it in the same conversation.
func killSends(ctx context.Context, p plan) (*report, error) {
	r := newReport("SIGKILL at random moments of a send, Dovecot and Exim", p)
	rng := rand.New(rand.NewPCG(p.seed, 1)) //nolint:gosec // moments, not secrets
	err := maillab.OnStage(func(s maillab.Stage) error {
		h, err := build(ctx, s, folder(s), p.times+2)
		if err != nil {
			return err
		}
		k := &killing{house: h, report: r, rng: rng}
		if k.usual, err = k.unhurried(ctx); err != nil {
			return err
		}
		for i := range p.times {
			if err := k.once(ctx, subject(i+2)); err != nil {
				return err
			}
		}
		if err := h.settle(ctx); err != nil {
			return err
		}
		return h.judge(ctx, r, k.typed)
	})
	return r, err
}

// killing is the run, and what the program has acknowledged in it.
type killing struct {
	*house
	report *report
	rng    *rand.Rand
	usual  time.Duration // from the start to sent
	typed  string        // the newest draft that was said to be saved
}

// draftSubject is the conversation that is written in all the time.
var draftSubject = subject(0)

// unhurried brings the mailbox in, then starts the program anew, sends one reply
// in peace and measures how long that takes.
func (k *killing) unhurried(ctx context.Context) (time.Duration, error) {
	if err := k.start(ctx); err != nil {
		return 0, err
	}
	if err := k.await(subject(0)); err != nil {
		return 0, err
	}
	if err := k.await(subject(1)); err != nil {
		return 0, err
	}
	if err := k.leave(); err != nil {
		return 0, err
	}
	if err := k.start(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := k.tell("answer " + subject(1)); err != nil {
		return 0, err
	}
	if _, err := k.hear("sent"); err != nil {
		return 0, err
	}
	return time.Since(began), k.leave()
}

// once lets the program run, answers, and kills it somewhere on the way.
func (k *killing) once(ctx context.Context, subject string) error {
	if err := k.start(ctx); errors.Is(err, errFull) {
		k.kill()
		k.report.Moments["not started: disk_full"]++
		return nil
	} else if err != nil {
		return err
	}
	if err := k.tell("type " + draftSubject); err != nil {
		return err
	}
	answers := 1 + k.rng.IntN(2)
	for range answers {
		if err := k.tell("answer " + subject); err != nil {
			return err
		}
	}
	time.Sleep(time.Duration(k.rng.Int64N(int64(k.usual * 3 / 2))))
	k.heard(k.kill())
	return nil
}

// heard takes what the program had said when it was killed into the report.
func (k *killing) heard(said []string) {
	moment := "before it was queued"
	for _, line := range said {
		what, rest, _ := strings.Cut(line, " ")
		switch what {
		case "typed":
			k.typed = rest
			k.report.Keystrokes++
		case "ready", "open", "unsaved":
		case "failed":
			k.report.Moments["not queued: "+rest]++
		default:
			moment = what
		}
	}
	k.report.Times++
	k.report.Moments[moment]++
}
