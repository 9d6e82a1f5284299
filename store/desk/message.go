package desk

import "time"

// Direction says who speaks.
type Direction string

// The directions. A note is internal and never leaves for the customer.
const (
	FromCustomer Direction = "in"
	FromUs       Direction = "out"
	InternalNote Direction = "note"
)

// MessageKind tells mail that a person wrote from mail that a machine wrote.
type MessageKind string

// The kinds of message (RFC 3464 bounces, RFC 3834 automatic replies, RFC 2369 lists).
const (
	KindPerson MessageKind = "person"
	KindBounce MessageKind = "bounce"
	KindAuto   MessageKind = "auto"
	KindList   MessageKind = "list"
)

// Via says how a message came, where its From isn't the customer.
type Via string

// The ways. Form and forwarded may rest on a text that anybody can write: the
// screen always shows both addresses.
const (
	ViaDirect    Via = ""
	ViaForm      Via = "form"      // a web form, or a service that writes for the customer
	ViaForwarded Via = "forwarded" // one of us passed it on
	ViaList      Via = "list"      // a group put its own address into From
)

// Origin is whom a text names as its author.
type Origin struct {
	Address Address
	Via     Via
}

// TextState says how much of a message lies in the store.
type TextState string

// The text states. TextNone: the source says there is none, and Warnings why.
const (
	TextComing TextState = "coming" // only the head is here
	TextHere   TextState = "here"
	TextNone   TextState = "none"
)

// Message is one mail or note of a conversation, already readable.
type Message struct {
	ID           MessageID
	Conversation ConversationID
	Account      AccountID
	Direction    Direction
	Kind         MessageKind
	From         Address
	ReplyTo      []Address
	To, Cc       []Address
	Subject      string
	At           time.Time // server's date
	HeaderID     string    // Message-ID without <>
	References   []string  // without <>, oldest first, In-Reply-To last
	OpID         OpID      // the op of ours that made it, "" otherwise
	Language     string
	Text         string // readable text without quote and signature
	Quoted       string // what was folded away
	HTML         string // cleaned; "" when the mail has none
	TextState    TextState
	Seen         bool
	Answered     bool
	Keywords     []string
	Attachments  []Attachment
	Warnings     []string
	Customer     Address  // whom an answer is for; From unless Via says otherwise
	Via          Via      // how it came
	Marks        []string // what is wrong about its sender: mailtext's warnings of the head
}

// RemoteRef is where a source finds the thing again. Epoch changes when the
// server forgets its numbering (UIDVALIDITY); Scope is the folder, where there
// is one.
type RemoteRef struct {
	Scope string
	Epoch string
	ID    string
}

// Attachment is a file of a message. Its bytes lie in chunks in the store's
// second database, as they came over the wire: Encoding says how to read them.
type Attachment struct {
	ID       AttachmentID
	Message  MessageID
	Part     string // the source's own name for it
	Name     string // as sent; Safe names are made on saving
	Type     string // media type
	Encoding string // base64, quoted-printable, or "" for plain bytes
	Size     int64  // on the wire; decoded it is about 3/4 of it for base64
	Have     int64  // bytes that lie here
	CID      string // Content-ID without <>, for pictures in the text
	Inline   bool
}
