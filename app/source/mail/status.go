package mail

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// detailLocal is what a receipt says when the server keeps no keywords: the
// status lives on this computer only, and the screen says so.
const detailLocal = "local"

// statusKeywords are the marks of each status. Every other status has none.
var statusKeywords = map[desk.Status]imap.Flag{
	desk.StatusDone:    imap.Flag(source.KeywordDone),
	desk.StatusWaiting: imap.Flag(source.KeywordWaiting),
}

// frozenStatus is the payload of a status op.
type frozenStatus struct {
	Version  int              `json:"v"`
	Status   desk.Status      `json:"status"`
	Messages []desk.RemoteRef `json:"messages"`
}

// FreezeStatus makes the payload of a status change.
func (s *Source) FreezeStatus(c source.StatusChange) (source.Frozen, error) {
	data, err := json.Marshal(frozenStatus{Version: 1, Status: c.Status, Messages: c.Messages})
	if err != nil {
		return source.Frozen{}, desk.E(desk.KindInternal, "freeze a status", err)
	}
	return source.Frozen{Payload: data, Bytes: 200}, nil
}

func thawStatus(sub source.Submission) (frozenStatus, bool) {
	var f frozenStatus
	err := json.Unmarshal(sub.Payload, &f)
	return f, err == nil && f.Version == 1
}

// submitStatus sets keywords. Doing it twice is the same as once, so a broken
// line never leaves anything unknown: it is simply done again.
func (s *Source) submitStatus(ctx context.Context, sub source.Submission, j source.Journal) source.Outcome {
	f, ok := thawStatus(sub)
	if !ok {
		return refused(desk.ReasonUnreadable, "")
	}
	if err := j.Final(ctx); err != nil {
		return notApplied()
	}
	kept := false
	for _, ref := range f.Messages {
		at, ok := placeOf(ref)
		if !ok {
			continue
		}
		err := s.atPlace(ctx, at, CountReplies, func(l *line) error {
			did, err := l.mark(at.uid, statusKeywords[f.Status])
			kept = kept || did
			// A server doesn't tell us what we did ourselves.
			delete(s.memory.flagsAt, at.folder)
			l.heard(func() { l.flags = true })
			return err
		})
		switch desk.KindOf(err) {
		case "", desk.KindNotFound, desk.KindRefused:
			// A message that is gone or may not be marked keeps its status here.
		case desk.KindSignIn:
			return source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn}
		default:
			return notApplied()
		}
	}
	out := source.Outcome{Verdict: source.Applied, Receipt: desk.Receipt{At: s.cfg.Clock()}}
	if !kept {
		out.Receipt.Detail = detailLocal
	}
	return out
}

// mark sets one status keyword and takes the others off. A tagged OK proves
// nothing: an account without the right gets it too, and no change.
func (l *line) mark(uid uint32, want imap.Flag) (kept bool, err error) {
	var off []imap.Flag
	for _, k := range statusKeywords {
		if k != want {
			off = append(off, k)
		}
	}
	slices.Sort(off)
	permanent := l.chosen.PermanentFlags
	if want != "" && !slices.Contains(permanent, imap.FlagWildcard) && !hasFlag(permanent, want) {
		return false, nil
	}
	set := imap.UIDSetNum(imap.UID(uid))
	if err := l.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsDel, Silent: true, Flags: off}, nil).Close(); err != nil {
		return false, l.fail("mark a mail", err)
	}
	if want != "" {
		err := l.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{want}}, nil).Close()
		if err != nil {
			return false, l.fail("mark a mail", err)
		}
	}
	return l.marked(uid, want, off)
}

// marked looks whether the keywords stand as wanted.
func (l *line) marked(uid uint32, want imap.Flag, off []imap.Flag) (bool, error) {
	got, err := l.gather(l.c.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true, Flags: true}))
	if err != nil || len(got) == 0 {
		return false, err
	}
	flags := got[len(got)-1].flags
	for _, k := range off {
		if hasFlag(flags, k) {
			return false, nil
		}
	}
	return want == "" || hasFlag(flags, want), nil
}

func hasFlag(list []imap.Flag, want imap.Flag) bool {
	return slices.ContainsFunc(list, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(want)) })
}
