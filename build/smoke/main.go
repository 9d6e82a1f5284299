// Command smoke opens the program as it ships, in the engine it ships with, and
// does the main job once: the practice inbox shows conversations, one is opened,
// a reply is written and sent with keys, and it leaves exactly once. What only
// this can find: a page that the built program doesn't carry, a policy that the
// real engine takes seriously, a bridge that only works in a browser, a frame
// that the engine treats in its own way.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fernpost/build/window"
)

func main() {
	program := flag.String("program", filepath.Join("build", "bin", "fernpost"), "the program as it ships")
	pictures := flag.String("pictures", filepath.Join("build", "out"), "where pictures of the window go")
	flag.Parse()
	if err := errors.Join(run(*program, *pictures), walkOfClosing(*program, *pictures)); err != nil {
		fmt.Fprintln(os.Stderr, "smoke:", err)
		os.Exit(1)
	}
}

// limit is for the whole journey; ten seconds of it the reply can be taken back.
const limit = time.Minute

func run(program, pictures string) (err error) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display; build/test smoke brings one")
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return err
	}
	data, err := os.MkdirTemp("", "fernpost-smoke-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	p, err := window.Start(context.Background(), program, data)
	if err != nil {
		return err
	}
	defer func() {
		if said := p.Stop(); err != nil && said != "" {
			fmt.Fprintln(os.Stderr, said)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	j := &journey{pictures: pictures}
	if err := j.connected(ctx, p, j.walk); err != nil {
		// A picture of what was there instead, over a new connection: one that
		// timed out can't be used again.
		after, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		return errors.Join(err, j.connected(after, p, func(ctx context.Context) error { return j.picture(ctx, "failed") }))
	}
	return nil
}

// connected does something with the program's page.
func (j *journey) connected(ctx context.Context, p *window.Program, do func(context.Context) error) error {
	page, err := p.Page(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = page.Close() }()
	j.program, j.page = p, page
	return do(ctx)
}

// journey is the main job, by keyboard.
type journey struct {
	program  *window.Program
	page     *window.Page
	pictures string
}

func (j *journey) walk(ctx context.Context) error {
	legs := []struct {
		name string
		do   func(context.Context) error
	}{
		{"see the inbox", func(ctx context.Context) error { return j.page.Wait(ctx, window.InboxPainted) }},
		{"read a mail as it was sent", j.read},
		{"open a conversation", j.open},
		{"write a reply", j.write},
		{"send it", j.send},
		{"see it leave once", j.leave},
		{"hear of no mistake", j.mistakes},
	}
	for _, leg := range legs {
		began := time.Now()
		if err := leg.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", leg.name, err)
		}
		fmt.Printf("%-32s %6d ms\n", leg.name, time.Since(began).Milliseconds())
	}
	return nil
}

func (j *journey) mistakes(ctx context.Context) error {
	said, err := j.page.Complaints(ctx)
	if err != nil {
		return err
	}
	if len(said) > 0 {
		return errors.New("the page said: " + strings.Join(said, "; "))
	}
	return nil
}

// open takes the first conversation in the list. The reply key works once its
// messages are there, so it is pressed now and then until a composer comes.
func (j *journey) open(ctx context.Context) error {
	const first = `document.querySelector('[role=listbox] [role=option]')`
	if err := j.page.Wait(ctx, first); err != nil { // a view that was just chosen has no rows yet
		return err
	}
	if err := j.run(ctx, first+`.click()`); err != nil {
		return err
	}
	return j.page.Wait(ctx, `(() => {
		if (document.querySelector('[contenteditable]')) return true;
		window.smokeLooks = (window.smokeLooks ?? -1) + 1;
		if (smokeLooks % 10 === 0) `+press("r", "KeyR", false)+`;
		return false;
	})()`)
}

const reply = "Thank you for writing. I looked at your order and the money is on its way back to you."

func (j *journey) write(ctx context.Context) error {
	err := j.run(ctx, fmt.Sprintf(`document.querySelector('[contenteditable]').focus();
		document.execCommand('insertText', false, %q);`, reply))
	if err != nil {
		return err
	}
	if err := j.page.Wait(ctx, fmt.Sprintf(`document.querySelector('[contenteditable]').textContent.includes(%q)`, reply)); err != nil {
		return err
	}
	return j.picture(ctx, "composer")
}

func (j *journey) send(ctx context.Context) error {
	if err := j.run(ctx, press("Enter", "Enter", true)); err != nil {
		return err
	}
	return j.outbox(ctx, `o.running.length + o.sentToday.length === 1`)
}

func (j *journey) leave(ctx context.Context) error {
	if err := j.outbox(ctx, `o.sentToday.length === 1 && o.running.length === 0 && o.needYou.length === 0`); err != nil {
		return err
	}
	if err := j.run(ctx, press("g", "KeyG", false)+";"+press("o", "KeyO", false)); err != nil {
		return err
	}
	if err := j.page.Wait(ctx, `!document.querySelector('[role=listbox]')`); err != nil {
		return err
	}
	return j.picture(ctx, "outbox")
}

// outbox asks the program, over the page's own bridge, until the condition on
// the outbox o is true.
func (j *journey) outbox(ctx context.Context, condition string) error {
	return j.page.Wait(ctx, `(() => {
		window.go.app.Outbox.List().then((o) => { window.smokeOutbox = o; });
		const o = window.smokeOutbox;
		return o && `+condition+`;
	})()`)
}

// press is the statement that presses a key where the focus is.
func press(key, code string, control bool) string {
	return fmt.Sprintf(`(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown',
		{key: %q, code: %q, ctrlKey: %t, bubbles: true, cancelable: true}))`, key, code, control)
}

// run runs statements whose value doesn't matter.
func (j *journey) run(ctx context.Context, statements string) error {
	var done bool
	return j.page.Eval(ctx, "(() => {"+statements+"; return true})()", &done)
}

func (j *journey) picture(ctx context.Context, name string) error {
	png, err := j.page.Picture(ctx)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(j.pictures, "smoke-"+name+".png"), png, 0o644)
}
