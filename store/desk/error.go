package desk

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what a person can do about them. The screen maps a kind
// to a sentence in the agent's language; Go's own error text never stands
// there alone.
type Kind string

// The kinds. A new one needs a sentence in every catalogue ("error.<kind>").
const (
	KindInternal   Kind = "internal"   // a defect of ours: report it
	KindInvalid    Kind = "invalid"    // the input makes no sense
	KindNotFound   Kind = "not_found"  // gone, or never there
	KindConflict   Kind = "conflict"   // somebody or something was quicker
	KindTooLate    Kind = "too_late"   // sending has begun: it can't be taken back
	KindOffline    Kind = "offline"    // the account doesn't answer
	KindSignIn     Kind = "sign_in"    // the account wants the person to sign in
	KindRefused    Kind = "refused"    // the server said no, for good
	KindTooLarge   Kind = "too_large"  // over a limit of the server or of ours
	KindDiskFull   Kind = "disk_full"  // nothing can be saved
	KindDamaged    Kind = "damaged"    // the database doesn't read as it should
	KindTooNew     Kind = "too_new"    // written by a newer Fernpost
	KindLocked     Kind = "locked"     // another window has this data folder open
	KindPermission Kind = "permission" // the folder or file may not be used
	KindKeyring    Kind = "keyring"    // the system's keyring doesn't answer
	KindCancelled  Kind = "cancelled"  // the person, or the program's end, stopped it
	KindUnsafe     Kind = "unsafe"     // refused because it would put somebody at risk
	KindUnreadable Kind = "unreadable" // malformed beyond repair
	KindNoWindow   Kind = "no_window"  // this build or this machine can't open one
	KindPaused     Kind = "paused"     // the person paused the account
	KindAsks       Kind = "asks_first" // it would cost what the person wants to save
	KindOpening    Kind = "opening"    // an update still changes the store
)

// Kinds lists every kind, for the tests of the catalogues.
var Kinds = []Kind{
	KindInternal,
	KindInvalid,
	KindNotFound,
	KindConflict,
	KindTooLate,
	KindOffline,
	KindSignIn,
	KindRefused,
	KindTooLarge,
	KindDiskFull,
	KindDamaged,
	KindTooNew,
	KindLocked,
	KindPermission,
	KindKeyring,
	KindCancelled,
	KindUnsafe,
	KindUnreadable,
	KindNoWindow,
	KindPaused,
	KindAsks,
	KindOpening,
}

// Error is what crosses a package border: what was being done, of which kind,
// and why. Op reads like "open store" or "send reply".
type Error struct {
	Kind Kind
	Op   string
	Err  error
}

// E wraps err (which may be nil) with what was being done.
func E(kind Kind, op string, err error) error { return &Error{Kind: kind, Op: op, Err: err} }

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Op, e.Kind)
	}
	return e.Op + ": " + e.Err.Error()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// KindOf finds the kind of the outermost Error in err's chain: KindInternal
// where there is none, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}
