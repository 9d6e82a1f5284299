package app

// What crosses to the screen: flat structs of strings, numbers and lists.
// Times are milliseconds since 1970 (0: none), ids are decimal text, lists are
// never null. Words are codes; the screen's catalogues turn them into text.

// Person is a customer, an agent or any other correspondent.
type Person struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// ListRequest asks for a page of a view.
type ListRequest struct {
	View  string `json:"view"`  // inbox, waiting, done, drafts
	Order string `json:"order"` // longest, newest
	After string `json:"after"` // Next of the page before, "" for the first
	Limit int    `json:"limit"`
}

// Row is one conversation in a list.
type Row struct {
	ID           string `json:"id"`
	Account      string `json:"account"`
	Customer     Person `json:"customer"`
	Subject      string `json:"subject"`
	Preview      string `json:"preview"`
	Language     string `json:"language"`
	Status       string `json:"status"`
	SnoozedUntil int64  `json:"snoozedUntil"` // 0: it isn't
	LastAt       int64  `json:"lastAt"`
	WaitingSince int64  `json:"waitingSince"`
	Messages     int    `json:"messages"`
	Unread       int    `json:"unread"`
	Files        int    `json:"files"`
	Mark         string `json:"mark"` // "", draft, queued, waits, sending, uncertain, held, needs_you
}

// RowPage is a page of a view.
type RowPage struct {
	Rows  []Row  `json:"rows"`
	Next  string `json:"next"`
	Total int    `json:"total"`
}

// Counts stand beside the views.
type Counts struct {
	Inbox   int `json:"inbox"`
	Unread  int `json:"unread"`
	Waiting int `json:"waiting"`
	Snoozed int `json:"snoozed"`
	Done    int `json:"done"`
	Drafts  int `json:"drafts"`
	Outbox  int `json:"outbox"`
	NeedYou int `json:"needYou"`
}

// ConversationView is one conversation, whole.
type ConversationView struct {
	Row      Row           `json:"row"`
	Labels   []string      `json:"labels"`
	Messages []MessageView `json:"messages"` // oldest first
	Outgoing []OpView      `json:"outgoing"` // replies no message shows yet, oldest first
	Draft    DraftView     `json:"draft"`    // Draft.ID is "" when there is none
	Account  string        `json:"account"`
}

// MessageView is one message.
type MessageView struct {
	ID        string     `json:"id"`
	Direction string     `json:"direction"` // in, out, note
	Kind      string     `json:"kind"`      // person, bounce, auto, list
	From      Person     `json:"from"`
	To        []Person   `json:"to"`
	Cc        []Person   `json:"cc"`
	ReplyTo   []Person   `json:"replyTo"` // where its sender wants answers, when not at From
	At        int64      `json:"at"`
	Subject   string     `json:"subject"`
	Language  string     `json:"language"`
	Text      string     `json:"text"`
	Quoted    string     `json:"quoted"`
	Forwarded bool       `json:"forwarded"` // Quoted is a mail that was passed on: show it
	HTML      string     `json:"html"`      // cleaned; for the sandboxed frame only
	TextState string     `json:"textState"` // coming, here, none
	Seen      bool       `json:"seen"`
	Files     []FileView `json:"files"`
	Warnings  []string   `json:"warnings"`
	Mine      bool       `json:"mine"` // sent from this computer
	// Customer is whom an answer is for; another than From where Via says how the
	// mail came: form, forwarded, list, or "".
	Customer   Person         `json:"customer"`
	Via        string         `json:"via"`
	Marks      []string       `json:"marks"`      // what is wrong about the sender
	Deliveries []DeliveryView `json:"deliveries"` // what became of a mail of ours; of a bounce: what it says
}

// DeliveryView is the last word on one recipient of a mail of ours.
type DeliveryView struct {
	Recipient string `json:"recipient"`
	Action    string `json:"action"` // failed, delayed, delivered, relayed, expanded
	Reason    string `json:"reason"` // a code of delivery.*
	Said      string `json:"said"`   // the server's own words
	Server    string `json:"server"`
	At        int64  `json:"at"`
	Report    string `json:"report"` // id of the message that says so
}

// ArrangementView is a merge or split that was made or undone.
type ArrangementView struct {
	ID           string `json:"id"`           // for UndoArrangement
	Conversation string `json:"conversation"` // to show now
}

// FileView is an attachment.
type FileView struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Type   string       `json:"type"`
	Size   int64        `json:"size"` // bytes once decoded, roughly
	Have   int64        `json:"have"` // of Size, how much lies here
	Inline bool         `json:"inline"`
	Risky  bool         `json:"risky"`  // a program or script: warn before opening
	Packed bool         `json:"packed"` // other files lie in it; Inside says which once it is here
	Inside []InsideView `json:"inside"`
}

// InsideView is a file that lies in another.
type InsideView struct {
	ID    string `json:"id"` // for Save alone
	Name  string `json:"name"`
	Type  string `json:"type"`
	Size  int64  `json:"size"`
	Risky bool   `json:"risky"`
}

// DraftView is what the composer edits.
type DraftView struct {
	ID           string   `json:"id"`
	Conversation string   `json:"conversation"`
	Identity     string   `json:"identity"` // whom it is written as, "" for the account's usual one
	To           []Person `json:"to"`
	Cc           []Person `json:"cc"`
	Bcc          []Person `json:"bcc"`
	Subject      string   `json:"subject"`
	Text         string   `json:"text"`
	Rich         string   `json:"rich"`     // the text with its form, "" when it has none
	Quotes       string   `json:"quotes"`   // id of the message below the text, "" for none
	PassesOn     bool     `json:"passesOn"` // that message is forwarded
	Base         string   `json:"base"`     // id of the newest message on screen
	Revision     int64    `json:"revision"`
	SavedAt      int64    `json:"savedAt"`
	// Files change by calls of their own; saved with a draft they are only when
	// it has no id, to bring back what was dropped.
	Files []DraftFileView `json:"files"`
}

// DraftFileView is a file of a draft.
type DraftFileView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	Was      int64  `json:"was"`     // before it was made smaller, 0 when it wasn't
	Have     int64  `json:"have"`    // of Size; less while it is being fetched
	Picture  bool   `json:"picture"` // can be made smaller, and stand in the text
	Inline   bool   `json:"inline"`  // meant for the text
	Risky    bool   `json:"risky"`   // a program or script: servers refuse these
	Upload   string `json:"upload"`  // names its bytes, to bring back what was dropped
	Original string `json:"original"`
}

// SentFileView is a file of a reply on its way.
type SentFileView struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// UploadView is what sending a draft's files would take.
type UploadView struct {
	Bytes    int64 `json:"bytes"`    // on the wire
	Limit    int64 `json:"limit"`    // what the server takes
	Sure     bool  `json:"sure"`     // the server said so
	TooLarge bool  `json:"tooLarge"` // over Limit
	Need     int64 `json:"need"`     // milliseconds, 0: not known
	Life     int64 `json:"life"`     // milliseconds this line mostly lives, 0: not known
	Doubtful bool  `json:"doubtful"` // it may never arrive: a person decides
}

// OpView is one outgoing operation, as the outbox and the conversation show it.
type OpView struct {
	ID           string         `json:"id"`
	Account      string         `json:"account"`
	Conversation string         `json:"conversation"`
	Kind         string         `json:"kind"`   // reply, status
	State        string         `json:"state"`  // queued, sending, uncertain, sent, reconciled, held, needs_you, cancelled
	Reason       string         `json:"reason"` // "" or a code of op.reason.*
	Detail       string         `json:"detail"` // the server's own words
	To           Person         `json:"to"`
	Subject      string         `json:"subject"`
	Text         string         `json:"text"`
	Language     string         `json:"language"`
	CreatedAt    int64          `json:"createdAt"`
	ChangedAt    int64          `json:"changedAt"`
	UndoUntil    int64          `json:"undoUntil"`
	NextAt       int64          `json:"nextAt"`
	SendAt       int64          `json:"sendAt"` // it doesn't leave before
	Until        int64          `json:"until"`  // nor after; 0 for none
	Attempts     int            `json:"attempts"`
	Looks        int            `json:"looks"`
	MaxLooks     int            `json:"maxLooks"`
	Bytes        int64          `json:"bytes"`
	Done         int64          `json:"done"`  // bytes handed over in the running attempt
	Final        bool           `json:"final"` // in an attempt: everything was handed over
	Waits        string         `json:"waits"` // why a queued reply doesn't even try: "", paused
	Copy         string         `json:"copy"`  // "", or missing: none was seen among the sent mail
	Files        []SentFileView `json:"files"`
	// New is what stands in the conversation since the draft was begun; only
	// for held replies.
	New        []MessageView  `json:"new"`
	Deliveries []DeliveryView `json:"deliveries"` // what became of it
}

// OutboxView is the outbox screen.
type OutboxView struct {
	NeedYou   []OpView `json:"needYou"`   // held and needs_you
	Running   []OpView `json:"running"`   // queued, sending, uncertain
	SentToday []OpView `json:"sentToday"` // newest first
}

// SendRequest queues the draft's present revision.
type SendRequest struct {
	Draft  string `json:"draft"`
	Then   string `json:"then"`   // waiting or done
	Anyway bool   `json:"anyway"` // also files that may never arrive
	SendAt int64  `json:"sendAt"` // not before; 0: at once
	Until  int64  `json:"until"`  // not after; 0: whenever the line allows
}

// LineView is the status at the sidebar's foot and the outbox's side.
type LineView struct {
	Accounts  []AccountView `json:"accounts"`
	Waiting   int           `json:"waiting"` // replies that wait
	NeedYou   int           `json:"needYou"`
	Bytes     LineBytes     `json:"bytes"`
	Practice  string        `json:"practice"` // "" or the practice line: good, 3g, 2g, lossy, off
	DayStart  int64         `json:"dayStart"`
	Strokes   []LineStroke  `json:"strokes"` // since DayStart, oldest first
	SentTicks []int64       `json:"sentTicks"`
}

// LineStroke is a time in which the account answered, or didn't.
type LineStroke struct {
	From     int64 `json:"from"`
	To       int64 `json:"to"`
	Answered bool  `json:"answered"`
}

// LineBytes is today's traffic in bytes.
type LineBytes struct {
	Replies int64 `json:"replies"`
	Text    int64 `json:"text"`
	Looking int64 `json:"looking"`
	Files   int64 `json:"files"`
	Total   int64 `json:"total"`
	Budget  int64 `json:"budget"`  // of all accounts that have one together; 0: none set
	Counted int64 `json:"counted"` // what counts against it
}

// AccountView is one account's line.
type AccountView struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Address    string `json:"address"`
	Kind       string `json:"kind"`       // mail, practice
	State      string `json:"state"`      // ok, sign_in, paused, different
	Line       string `json:"line"`       // looking, answered, lost
	AnsweredAt int64  `json:"answeredAt"` // when the server last answered; 0: never
	LostAt     int64  `json:"lostAt"`     // since when it doesn't; 0 while it does
	RetryAt    int64  `json:"retryAt"`
	Problem    string `json:"problem"` // an error kind, "" when fine
	Importing  bool   `json:"importing"`
	Budget     int64  `json:"budget"` // bytes a day, 0: none
	Used       int64  `json:"used"`   // of it
	Spent      bool   `json:"spent"`  // used up: nothing but replies goes on unasked
	TextOnly   bool   `json:"textOnly"`
	Horizon    int    `json:"horizon"` // days back that mail is brought in, 0: everything
	Reach      int64  `json:"reach"`   // back to this day everything is here; 0: unknown
	ToGo       int    `json:"toGo"`    // heads still to come to the horizon; 0: none, or unknown
	// Alerts are what its server says to people and nobody has dismissed, newest first.
	Alerts []string `json:"alerts"`
}

// SearchRequest asks for hits, newest first.
type SearchRequest struct {
	Text  string `json:"text"`
	After string `json:"after"` // message id of the last hit, "" for the newest
}

// HitView is one message found. Marked words of the snippet stand between
// U+0002 and U+0003.
type HitView struct {
	Message string `json:"message"`
	Row     Row    `json:"row"`
	Snippet string `json:"snippet"`
	At      int64  `json:"at"`
	Server  bool   `json:"server"` // older than what is brought in by itself: a search on the server found it
}

// SearchView is a page of hits and how far back this computer reaches.
type SearchView struct {
	Hits  []HitView `json:"hits"`
	More  bool      `json:"more"`
	Since int64     `json:"since"` // back to this day everything is here, 0: nothing, or all there is
	// Beyond: older mail may lie on a server, and can be searched there.
	Beyond bool `json:"beyond"`
}

// ServerSearchView is how the search on the servers stands.
type ServerSearchView struct {
	Text  string `json:"text"`  // "" before the first
	State string `json:"state"` // "", running, waits (no line), done, stopped, failed
	Found int    `json:"found"` // messages brought in
	Kind  string `json:"kind"`  // of the error, when failed
}

// SettingsView is what an agent can choose in this version.
type SettingsView struct {
	Theme   string   `json:"theme"`   // system, light, dark
	Locale  string   `json:"locale"`  // chosen, "" follows the system
	Locales []string `json:"locales"` // offered
	System  string   `json:"system"`  // the system's locale, matched to an offered one
	DataDir string   `json:"dataDir"`
	Version string   `json:"version"`
	Keys    bool     `json:"keys"`   // single-key shortcuts on
	Notice  string   `json:"notice"` // "", network, cloud: the data folder is in a poor place
	Full    bool     `json:"full"`   // the disk is: nothing is fetched
	Harm    HarmView `json:"harm"`
}

// HarmView is what a damaged disk did to the store, until a person has read it.
type HarmView struct {
	// What is "" for nothing, main (it was damaged, or gone), second (only the
	// copy was), files (only files were), mended (a part of main, which is whole
	// again).
	What    string `json:"what"`
	At      int64  `json:"at"`
	Drafts  int    `json:"drafts"`  // that stand here again
	Replies int    `json:"replies"` // that wait here again
	Looked  int    `json:"looked"`  // of them: may have left, and are looked for
	Broken  bool   `json:"broken"`  // some may be missing
	Files   int    `json:"files"`   // of drafts and replies, that are gone
	Aside   string `json:"aside"`   // where what was damaged lies
}

// OpeningView is how far the store is from being open.
type OpeningView struct {
	Done bool    `json:"done"`
	Part float64 `json:"part"` // of the change that an update makes, 0 to 1
}

// ExportView says where replies were written to.
type ExportView struct {
	Folder  string `json:"folder"` // "" when the person changed their mind
	Replies int    `json:"replies"`
}

// LeavingView is what is still here when the window closes.
type LeavingView struct {
	Replies int   `json:"replies"` // that haven't left for sure and go on by themselves
	Later   int   `json:"later"`   // of them not before a time to come
	First   int64 `json:"first"`   // the first of these times, 0 for none
	Ending  bool  `json:"ending"`  // the computer wants the program to end: nobody is asked
}

// Event is what the pump tells the screen after commits; the screen re-reads.
type Event struct {
	Seq           int64    `json:"seq"`
	Conversations []string `json:"conversations"`
	Lists         bool     `json:"lists"`
	Outbox        bool     `json:"outbox"`
	Line          bool     `json:"line"`
	Settings      bool     `json:"settings"`
	Search        bool     `json:"search"` // the search on the servers moved
}

// Failure is how an error reaches the screen: a kind that the catalogues have
// a sentence for, and what was being done, for a report.
type Failure struct {
	Kind string `json:"kind"`
	Op   string `json:"op"`
}
