package main

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"fernpost/app/source/mail/maillab"
)

// resetSends cuts the line to Exim at random bytes of a submission, n times, and
// in every fourth run loses what Exim says from the final mark on: the letter is
// delivered, and nobody hears the 250.
func resetSends(ctx context.Context, p plan) (*report, error) {
	r := newReport("the line cut at random bytes of a submission, Exim", p)
	rng := rand.New(rand.NewPCG(p.seed, 2)) //nolint:gosec // moments, not secrets
	err := maillab.OnStage(func(s maillab.Stage) error {
		h, err := build(ctx, s, folder(s), p.times+2)
		if err != nil {
			return err
		}
		c := &cutting{house: h, report: r, rng: rng}
		if err := c.measure(ctx); err != nil {
			return err
		}
		for i := range p.times {
			if err := c.once(subject(i+2), i%4 == 3); err != nil {
				return err
			}
		}
		c.lab.SMTP.Restore()
		if err := h.leave(); err != nil {
			return err
		}
		if err := h.settle(ctx); err != nil {
			return err
		}
		return h.judge(ctx, r, "")
	})
	return r, err
}

type cutting struct {
	*house
	report *report
	rng    *rand.Rand
	bytes  int64 // of a submission that nothing disturbs
}

// measure sends one reply in peace.
func (c *cutting) measure(ctx context.Context) error {
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := c.await(subject(1)); err != nil {
		return err
	}
	before := c.lab.SMTP.Traffic()
	if err := c.tell("answer " + subject(1)); err != nil {
		return err
	}
	_, err := c.hear("sent")
	c.bytes = c.lab.SMTP.Traffic() - before
	return err
}

// once disturbs one reply until its attempt has ended, and gives the line back.
func (c *cutting) once(subject string, deaf bool) error {
	if !deaf {
		c.lab.SMTP.CutAfter(c.rng.Int64N(c.bytes))
	}
	if err := c.tell("answer " + subject); err != nil {
		return err
	}
	id, err := c.hear("new")
	if err != nil {
		return err
	}
	moment, err := c.attempt(id, deaf)
	if err != nil {
		return err
	}
	c.lab.SMTP.Restore()
	c.report.Times++
	c.report.Moments[moment]++
	return c.tell("ahead 10m") // and whatever waits is tried again
}

// attempt follows a reply until its first attempt has ended, and says how far it
// had come.
func (c *cutting) attempt(id string, deaf bool) (moment string, err error) {
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for {
		select {
		case line, ok := <-c.now.lines:
			if !ok {
				return "", errEnded
			}
			what, of, _ := strings.Cut(line, " ")
			if of != id {
				continue
			}
			switch what {
			case "final":
				moment = what
				if deaf {
					c.lab.SMTP.Mute()
					time.AfterFunc(time.Second, c.lab.SMTP.Cut)
				}
			case "sending":
				moment = what
			case "queued":
				if moment != "" {
					return moment + ", nothing happened", nil
				}
			case "sent", "uncertain", "needs_you":
				return moment + ", " + what, nil
			}
		case <-limit.C:
			return "", errSilent
		}
	}
}
