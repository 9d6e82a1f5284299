package main

import (
	"context"
	"errors"
)

// read shows a mail as it was sent. Its frame runs nothing and must stand there at
// full height all the same; a click into it must leave the keys to the page
// around. Both depend on the engine alone, so they are proved in the shipped one.
func (j *journey) read(ctx context.Context) error {
	place := struct{ Index, X, Y int }{}
	// A mail with HTML among the rows on the screen.
	if err := j.page.Wait(ctx, `(() => {
		window.smokeRich ??= (async () => {
			const { rows } = await window.go.app.Inbox.List({ view: 'inbox', order: 'longest', after: '', limit: 6 });
			const views = await Promise.all(rows.map((row) => window.go.app.Inbox.Open(row.id)));
			window.smokeIndex = views.findIndex((v) => v.messages.length === 1 && v.messages[0].html !== '');
		})();
		return window.smokeIndex !== undefined;
	})()`); err != nil {
		return err
	}
	if err := j.page.Eval(ctx, `({ index: window.smokeIndex, x: 0, y: 0 })`, &place); err != nil {
		return err
	}
	if place.Index < 0 {
		return errors.New("no mail with HTML stands on the first screen")
	}
	if err := j.run(ctx, `document.querySelectorAll('[role=listbox] [role=option]')[window.smokeIndex].click()`); err != nil {
		return err
	}
	if err := j.page.Wait(ctx, `(() => {
		const frame = document.querySelector('iframe');
		if (!frame) {
			window.smokeViews = (window.smokeViews ?? -1) + 1;
			if (smokeViews % 20 === 0) `+press("v", "KeyV", false)+`;
			return false;
		}
		const inside = frame.contentDocument?.documentElement;
		return inside && frame.clientHeight > 60 && Math.abs(inside.scrollHeight - frame.clientHeight) <= 1;
	})()`); err != nil {
		return err
	}
	if err := j.picture(ctx, "as-sent"); err != nil {
		return err
	}
	err := j.page.Eval(ctx, `(() => {
		const { x, y } = document.querySelector('iframe').getBoundingClientRect();
		return { index: 0, x: Math.round(x) + 40, y: Math.round(y) + 30 };
	})()`, &place)
	if err != nil {
		return err
	}
	if err := j.program.Click(ctx, place.X, place.Y); err != nil {
		return err
	}
	if err := j.page.Wait(ctx, `document.activeElement?.matches('figure')`); err != nil {
		return err
	}
	if err := j.program.Type(ctx, "j"); err != nil {
		return err
	}
	return j.page.Wait(ctx, `!document.querySelector('iframe')`)
}
