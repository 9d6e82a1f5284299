package desk

import "time"

// DeliveryAction is what a report says became of a mail for one recipient
// (RFC 3464 2.3.3).
type DeliveryAction string

// The actions. Only failed is an end that somebody has to do something about.
const (
	DeliveryFailed    DeliveryAction = "failed"
	DeliveryDelayed   DeliveryAction = "delayed" // it is still being tried
	DeliveryDelivered DeliveryAction = "delivered"
	DeliveryRelayed   DeliveryAction = "relayed"  // to a server that sends no reports
	DeliveryExpanded  DeliveryAction = "expanded" // to the members of a list
)

// DeliveryReason sorts what servers give as their reason by what an agent can do
// about it. The screen has a sentence for each ("delivery.<reason>").
type DeliveryReason string

// The reasons.
const (
	DeliveryNoMailbox   DeliveryReason = "no_mailbox"  // nobody has this address
	DeliveryNoDomain    DeliveryReason = "no_domain"   // what stands after the @ doesn't exist
	DeliveryMoved       DeliveryReason = "moved"       // the customer has another address now
	DeliveryClosed      DeliveryReason = "closed"      // the mailbox takes no mail
	DeliveryFull        DeliveryReason = "full"        // the mailbox is full
	DeliveryTooLarge    DeliveryReason = "too_large"   // the mail is larger than their server takes
	DeliveryUnreachable DeliveryReason = "unreachable" // their server doesn't answer
	DeliveryBlocked     DeliveryReason = "blocked"     // their server takes nothing from us, or not this
	DeliveryContent     DeliveryReason = "content"     // their server can't read the mail
	DeliveryOther       DeliveryReason = "other"
)

// Delivery is what the newest report says of one recipient of a mail of ours.
type Delivery struct {
	Recipient  string
	Action     DeliveryAction
	Status     string // RFC 3463, as 5.1.1; "" when the server gave none
	Reason     DeliveryReason
	Diagnostic string    // the server's own words
	Server     string    // which server said so
	At         time.Time // server's date of the report
	Report     MessageID // the report itself
}

// Report is what a bounce tells (RFC 3464): which mail, and what became of it.
type Report struct {
	Original   string // Message-ID of the mail it is about, "" when it doesn't say
	OpID       OpID   // our token in the head that came back
	Deliveries []Delivery
}
