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
	Base         MessageID // newest message that was on screen while writing
	Op           OpID
	Revision     int64
	Saved        time.Time
}
