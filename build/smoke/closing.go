package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"fernpost/build/window"
)

// closing is what must hold of the real window when it is closed: the last keys
// are saved, also those that the engine had not seen yet; and while replies wait
// the program can go on without its window, comes back when it is started again,
// and ends by itself.
type closing struct {
	program, data, pictures string
}

func walkOfClosing(program, pictures string) error {
	data, err := os.MkdirTemp("", "fernpost-closing-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	c := closing{program, data, pictures}
	ctx, cancel := context.WithTimeout(context.Background(), 2*limit)
	defer cancel()
	for _, leg := range []struct {
		name string
		do   func(context.Context, *window.Program, *journey) error
	}{
		{"close in the middle of a word", c.whileTyping},
		{"find the word, and stay hidden", c.hidden},
		{"find the reply sent", c.sent},
	} {
		began := time.Now()
		if err := c.run(ctx, leg.do); err != nil {
			return fmt.Errorf("%s: %w", leg.name, err)
		}
		fmt.Printf("%-32s %6d ms\n", leg.name, time.Since(began).Milliseconds())
	}
	return nil
}

// run starts the program, has the inbox painted, and does a leg with it.
func (c closing) run(ctx context.Context, do func(context.Context, *window.Program, *journey) error) error {
	p, err := window.Start(ctx, c.program, c.data)
	if err != nil {
		return err
	}
	defer p.Stop()
	j := &journey{pictures: c.pictures}
	return j.connected(ctx, p, func(ctx context.Context) error {
		if err := j.page.Wait(ctx, window.InboxPainted); err != nil {
			return err
		}
		return do(ctx, p, j)
	})
}

// words are long enough that many of its keys still wait when the last is pressed.
var words = strings.Repeat("the quick brown fox jumps over the lazy dog ", 3) + "end"

// quit closes the window as its own button does.
const quit = `window.runtime.Quit()`

func (c closing) whileTyping(ctx context.Context, p *window.Program, j *journey) error {
	if err := j.open(ctx); err != nil {
		return err
	}
	if err := j.run(ctx, `document.querySelector('[contenteditable]').focus()`); err != nil {
		return err
	}
	if err := p.Type(ctx, words); err != nil {
		return err
	}
	if err := j.run(ctx, quit); err != nil {
		return err
	}
	return p.Ended(ctx)
}

func (c closing) hidden(ctx context.Context, p *window.Program, j *journey) error {
	if err := j.run(ctx, press("g", "KeyG", false)+";"+press("d", "KeyD", false)); err != nil {
		return err
	}
	if err := j.open(ctx); err != nil {
		return err
	}
	if err := j.page.Wait(ctx, fmt.Sprintf(`document.querySelector('[contenteditable]').textContent.includes(%q)`, words)); err != nil {
		return err
	}
	if err := j.run(ctx, `window.go.app.Line.SetPractice('off')`); err != nil {
		return err
	}
	if err := j.run(ctx, `document.querySelector('[contenteditable]').focus();`+press("Enter", "Enter", true)); err != nil {
		return err
	}
	if err := j.outbox(ctx, `o.running.length === 1`); err != nil {
		return err
	}
	if err := c.stay(ctx, p, j, "leaving"); err != nil {
		return err
	}
	again, err := window.Start(ctx, c.program, c.data)
	if err != nil {
		return err
	}
	defer again.Stop()
	if err := errors.Join(again.Ended(ctx), shown(ctx, p, true)); err != nil {
		return fmt.Errorf("started again: %w", err)
	}
	if err := c.stay(ctx, p, j, "leaving-again"); err != nil {
		return err
	}
	if err := j.run(ctx, `window.go.app.Line.SetPractice('good')`); err != nil {
		return err
	}
	return p.Ended(ctx)
}

// stay closes the window while a reply waits, and chooses to go on without it.
func (c closing) stay(ctx context.Context, p *window.Program, j *journey, name string) error {
	if err := j.run(ctx, quit); err != nil {
		return err
	}
	if err := j.page.Wait(ctx, `document.querySelector('dialog[open] footer button:last-child')`); err != nil {
		return err
	}
	if err := j.picture(ctx, name); err != nil {
		return err
	}
	if err := j.run(ctx, `document.querySelector('dialog[open] footer button:last-child').click()`); err != nil {
		return err
	}
	return shown(ctx, p, false)
}

// shown waits until X shows the window, or doesn't.
func shown(ctx context.Context, p *window.Program, yes bool) error {
	for p.Shown(ctx) != yes {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for a window that is shown: %v: %w", yes, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

func (c closing) sent(ctx context.Context, _ *window.Program, j *journey) error {
	return j.outbox(ctx, `o.sentToday.length === 1 && o.running.length === 0 && o.needYou.length === 0`)
}
