package app

import (
	"slices"
	"testing"
	"time"

	"fernpost/store"
)

func TestStrokes(t *testing.T) {
	start := time.Date(2026, 11, 17, 8, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	ms := func(minutes int) int64 { return at(minutes).UnixMilli() }
	got, ticks := strokes([]store.LineEvent{
		{At: at(-30), Kind: "answered"},
		{At: at(5), Kind: "answered"},
		{At: at(10), Kind: "sent"},
		{At: at(20), Kind: "lost"},
		{At: at(25), Kind: "lost"},
		{At: at(30), Kind: "answered"},
	}, start, at(60))
	want := []LineStroke{
		{From: ms(0), To: ms(20), Answered: true},
		{From: ms(20), To: ms(30)},
		{From: ms(30), To: ms(60), Answered: true},
	}
	if !slices.Equal(got, want) || !slices.Equal(ticks, []int64{ms(10)}) {
		t.Errorf("strokes %v ticks %v", got, ticks)
	}
	if got, ticks := strokes(nil, start, at(60)); len(got) != 0 || len(ticks) != 0 || got == nil || ticks == nil {
		t.Errorf("nothing known: strokes %v ticks %v, want empty lists", got, ticks)
	}
}

func TestDayStart(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-17T07:59:00Z": "2026-11-17T00:00:00Z",
		"2026-11-17T08:00:00Z": "2026-11-17T08:00:00Z",
		"2026-11-17T23:00:00Z": "2026-11-17T08:00:00Z",
	} {
		now, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayStart(now).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
