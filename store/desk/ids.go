package desk

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// AccountID names a connected mailbox or helpdesk on this computer.
type AccountID string

// ConversationID is local to one store. What every agent's store agrees on is
// the SharedKey.
type ConversationID int64

// SharedKey comes from the root's facts on the server (the root's Message-ID,
// or the helpdesk's id), never from a local id. A conversation that was merged
// into another leaves its key behind as an alias for ever.
type SharedKey string

// MessageID sorts by time: milliseconds of the server's own date, 12 bits of
// order within a millisecond. It is assigned once and is the row id of the
// search index, so that "newest first" costs nothing.
type MessageID int64

// DraftID names one draft on one device.
type DraftID string

// OpID is a UUIDv7: the op's identity, and the local part of the Message-ID of
// a mail it sends, at every attempt.
type OpID string

// AttachmentID is local to one store.
type AttachmentID int64

// IdentityID is local to one store; 0 is an account's usual identity.
type IdentityID int64

// UploadID is local to one store.
type UploadID int64

// DraftFileID is local to one store.
type DraftFileID int64

// String gives the decimal form: a 64-bit id loses digits as a JavaScript
// number, so ids reach the screen as text.
func (id ConversationID) String() string { return strconv.FormatInt(int64(id), 10) }

// String gives the decimal form, see ConversationID.String.
func (id MessageID) String() string { return strconv.FormatInt(int64(id), 10) }

// String gives the decimal form, see ConversationID.String.
func (id AttachmentID) String() string { return strconv.FormatInt(int64(id), 10) }

// String gives the decimal form, see ConversationID.String.
func (id IdentityID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseConversationID reads what ConversationID.String wrote.
func ParseConversationID(s string) (ConversationID, error) {
	n, err := parsePositive(s)
	return ConversationID(n), err
}

// ParseMessageID reads what MessageID.String wrote.
func ParseMessageID(s string) (MessageID, error) {
	n, err := parsePositive(s)
	return MessageID(n), err
}

// ParseAttachmentID reads what AttachmentID.String wrote.
func ParseAttachmentID(s string) (AttachmentID, error) {
	n, err := parsePositive(s)
	return AttachmentID(n), err
}

// ParseIdentityID reads what IdentityID.String wrote; "" is the usual one.
func ParseIdentityID(s string) (IdentityID, error) {
	if s == "" || s == "0" {
		return 0, nil
	}
	n, err := parsePositive(s)
	return IdentityID(n), err
}

// String gives the decimal form, see ConversationID.String.
func (id DraftFileID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseDraftFileID reads what DraftFileID.String wrote.
func ParseDraftFileID(s string) (DraftFileID, error) {
	n, err := parsePositive(s)
	return DraftFileID(n), err
}

func parsePositive(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, E(KindInvalid, "read id", fmt.Errorf("%q is not an id", s))
	}
	return n, nil
}

// messageOrderBits leaves 4,096 places in each millisecond.
const messageOrderBits = 12

// FirstMessageID is the first id of the millisecond of at. A store that finds
// it taken counts on, into the next millisecond when this one is full.
func FirstMessageID(at time.Time) MessageID {
	ms := max(at.UnixMilli(), 1)
	return MessageID(ms << messageOrderBits)
}

// Time gives back the millisecond the id was made from.
func (id MessageID) Time() time.Time { return time.UnixMilli(int64(id) >> messageOrderBits) }

// NewOpID makes a UUIDv7 (RFC 9562): 48 bits of now, the rest random.
func NewOpID(now time.Time) OpID { return OpID(uuid7(now)) }

// NewDraftID makes a UUIDv7 (RFC 9562).
func NewDraftID(now time.Time) DraftID { return DraftID(uuid7(now)) }

// NewAccountID makes a UUIDv7 (RFC 9562).
func NewAccountID(now time.Time) AccountID { return AccountID(uuid7(now)) }

func uuid7(now time.Time) string {
	var b [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	_, _ = rand.Read(b[6:]) // never fails since Go 1.24
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
