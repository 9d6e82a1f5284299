package desk

import "time"

// ArrivalKind says what a source brought.
type ArrivalKind string

// The kinds of arrival. A head and its text may come in two arrivals, in either
// run of the program; each is an upsert, so replaying a page changes nothing.
const (
	ArrivalHead  ArrivalKind = "head"  // a message without its text
	ArrivalText  ArrivalKind = "text"  // the text of a head that came before
	ArrivalFlags ArrivalKind = "flags" // seen, answered, keywords
	ArrivalGone  ArrivalKind = "gone"  // no longer at this place
)

// Arrival is one neutral change: never MIME, never JSON of a server.
type Arrival struct {
	Kind   ArrivalKind
	Remote RemoteRef
	// Stable survives a change of Epoch: Message-ID and a digest of the head.
	// The same mail in two folders has the same Stable.
	Stable  string
	Version string
	Head    *Head  // for ArrivalHead
	Body    *Body  // for ArrivalText; may also ride on an ArrivalHead
	Flags   *Flags // for ArrivalFlags; may also ride on an ArrivalHead
}

// Head is what the envelope and the structure tell.
type Head struct {
	At          time.Time // INTERNALDATE or created_at: the server's clock
	HeaderID    string
	References  []string // oldest first, In-Reply-To last if not among them
	From        Address
	ReplyTo     []Address
	To, Cc      []Address
	Subject     string
	Kind        MessageKind
	Language    string // declared by the sender (Content-Language), "" otherwise
	OpID        OpID   // our token header
	FromUs      bool   // sent by one of the account's own addresses
	Folder      FolderRole
	Attachments []Attachment
	Size        int64
	Customer    Address // where From isn't the customer, as Via says
	Via         Via
	Ask         Via      // the text may name the customer: whose word counts
	Marks       []string // what is wrong about the sender
}

// FolderRole is what a folder is for (RFC 6154).
type FolderRole string

// The roles that matter here.
const (
	RoleInbox FolderRole = "inbox"
	RoleSent  FolderRole = "sent"
	RoleJunk  FolderRole = "junk"
	RoleOther FolderRole = "other"
)

// Body is the readable part of a message.
type Body struct {
	Text     string // without quote and signature
	Quoted   string
	HTML     string // cleaned
	Language string
	Missing  bool // the source says there is no text; Warnings say why
	Warnings []string
	Report   *Report // of a bounce, nil for others
	Origin   *Origin // whom the text names as its author, nil for nobody
}

// Flags are the server's marks on a message.
type Flags struct {
	Seen     bool
	Answered bool
	Keywords []string
}
