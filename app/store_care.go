package app

import (
	"cmp"
	"context"
	"time"

	"fernpost/store"
)

// careEvery is how soon what the store had to do without is tried again.
const careEvery = time.Minute

// careForStore tries again what the store had to do without.
func (d *Desk) careForStore(ctx context.Context) error {
	return every(ctx, careEvery, "care for store", d.store.Care)
}

// harmView says in one word what happened.
func harmView(h store.Harm) HarmView {
	v := HarmView{
		At: milli(h.At), Drafts: h.Drafts, Replies: h.Replies, Looked: h.Looked, Broken: h.Broken, Files: h.Files,
		Aside: cmp.Or(h.Main, h.Blobs, h.Second),
	}
	switch {
	case h.None():
		return HarmView{}
	case h.Main != "" || h.Gone:
		v.What = "main"
	case h.Behind || h.Rotten:
		v.What = "mended"
	case h.Blobs != "":
		v.What = "files"
	default:
		v.What = "second"
	}
	return v
}

// HarmRead is called when a person has read what a damaged disk did.
func (s *Settings) HarmRead() error {
	return do(s.calls, "dismiss harm", func(ctx context.Context, d *Desk) error { return d.store.ForgetHarm(ctx) })
}
