package desk

import "time"

// Draft is what an agent is writing on this device. Every save is a revision;
// while an op holds the draft (Op != "") it can't be edited, and taking the op
// back gives it back as it was.
type Draft struct {
	ID           DraftID
	Account      AccountID
	Conversation ConversationID
	Identity     IdentityID // whom it is written as
	To, Cc, Bcc  []Address
	Subject      string
	Text         string
	Rich         string    // Text with its form, "" when it has none
	Quotes       MessageID // the message that stands below the text, 0 for none
	PassesOn     bool      // that message is forwarded to somebody else
	Files        []DraftFile
	Base         MessageID // newest message that was on screen while writing
	Op           OpID
	Revision     int64
	Saved        time.Time
}

// Upload is a file that lies here to leave with a reply.
type Upload struct {
	ID   UploadID
	SHA  [32]byte // SHA-256
	Size int64
}

// DraftFile is a file of a draft.
type DraftFile struct {
	ID         DraftFileID // a picture in the text is named by it
	Name       string
	Type       string       // media type
	Upload     Upload       // its bytes; ID 0 while they are still being fetched
	Original   Upload       // what a smaller picture was made from; ID 0 for none
	Attachment AttachmentID // what is passed on, 0 for the agent's own files
	Inline     bool         // a picture meant for the text
	Size, Have int64        // while it is being fetched: on the wire, as Attachment's
	Encoding   string       // of Attachment
}

// Coming tells that its bytes aren't all here.
func (f DraftFile) Coming() bool { return f.Upload.ID == 0 }

// OpFile is a file that an op carries.
type OpFile struct {
	Name   string
	Type   string
	Size   int64
	Upload UploadID
	Inline bool
}
