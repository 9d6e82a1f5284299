package mail

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// How a set stands in a cursor. A few spans are written as IMAP writes them; many
// as the numbers between their ends, of which nearly all are small where a mailbox
// is full of holes: two letters a span, and half of that once it is squeezed.

const (
	// manySpans is from how many on the numbers between are written.
	manySpans = 8
	// between marks that form.
	betweenMark = '.'
	// digits are those of a number to the base of 32, lowest first: all but the
	// last digit come from the second half.
	digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

// MarshalText writes a set, "" when it is empty.
func (u uids) MarshalText() ([]byte, error) {
	if len(u) < manySpans {
		return []byte(u.String()), nil
	}
	b := append(make([]byte, 0, 2*len(u)+16), betweenMark)
	var end uint32
	for _, s := range u {
		b = appendDigits(b, s.lo-end)
		b = appendDigits(b, s.hi-s.lo)
		end = s.hi
	}
	return b, nil
}

func appendDigits(b []byte, n uint32) []byte {
	for ; n >= 32; n >>= 5 {
		b = append(b, digits[32+n&31])
	}
	return append(b, digits[n])
}

var errNoSet = errors.New("not a set of UIDs")

// UnmarshalText reads what MarshalText wrote, and every set in IMAP's form.
func (u *uids) UnmarshalText(text []byte) error {
	*u = nil
	if len(text) == 0 {
		return nil
	}
	if text[0] == betweenMark {
		return u.readBetween(text[1:])
	}
	for piece := range strings.SplitSeq(string(text), ",") {
		lo, hi, ranged := strings.Cut(piece, ":")
		if !ranged {
			hi = lo
		}
		a, errA := strconv.ParseUint(lo, 10, 32)
		b, errB := strconv.ParseUint(hi, 10, 32)
		if errA != nil || errB != nil || a == 0 || b < a {
			return fmt.Errorf("%q is no range of UIDs", piece)
		}
		u.add(uint32(a), uint32(b))
	}
	return nil
}

func (u *uids) readBetween(text []byte) error {
	out := make(uids, 0, len(text)/2)
	var end uint64
	for len(text) > 0 {
		var gap, length uint64
		var okG, okL bool
		gap, text, okG = readDigits(text)
		length, text, okL = readDigits(text)
		lo := end + gap
		end = lo + length
		if !okG || !okL || gap == 0 || gap == 1 && len(out) > 0 || end > 1<<32-1 {
			return errNoSet
		}
		out = append(out, span{uint32(lo), uint32(end)})
	}
	*u = out
	return nil
}

// readDigits reads one number and gives what follows it.
func readDigits(text []byte) (n uint64, rest []byte, ok bool) {
	for i, c := range text {
		d := strings.IndexByte(digits, c)
		if d < 0 || i > 6 {
			return 0, nil, false
		}
		n |= uint64(d&31) << (5 * i)
		if d < 32 {
			return n, text[i+1:], true
		}
	}
	return 0, nil, false
}
