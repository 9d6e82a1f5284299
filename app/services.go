package app

// SIGNATURES of the bound services, for the screen's builder. Bodies follow.

// Inbox reads conversations.
type Inbox struct{}

func (s *Inbox) Counts() (Counts, error)                        { panic("stub") }
func (s *Inbox) List(req ListRequest) (RowPage, error)          { panic("stub") }
func (s *Inbox) Open(id string) (ConversationView, error)       { panic("stub") } // also brings it to the front of the wire
func (s *Inbox) MarkRead(id string) error                       { panic("stub") }
func (s *Inbox) SetStatus(id, status string) error              { panic("stub") } // open, waiting, done
func (s *Inbox) Search(req SearchRequest) (SearchView, error)   { panic("stub") }

// Composer writes drafts and queues replies.
type Composer struct{}

func (s *Composer) Start(conversation string) (DraftView, error) { panic("stub") } // recipients and subject filled in, or the draft that is there
func (s *Composer) Save(d DraftView) (DraftView, error)          { panic("stub") }
func (s *Composer) Drop(id string) error                         { panic("stub") }
func (s *Composer) Send(req SendRequest) (OpView, error)         { panic("stub") }
func (s *Composer) TakeBack(op string) (DraftView, error)        { panic("stub") }

// Outbox shows and decides.
type Outbox struct{}

func (s *Outbox) List() (OutboxView, error) { panic("stub") }

// Decide: it_arrived, send_again (needs_you); send_anyway, edit, drop (held and needs_you). Edit gives the draft back.
func (s *Outbox) Decide(op, choice string) (DraftView, error) { panic("stub") }
func (s *Outbox) LookNow(op string) error                     { panic("stub") } // an uncertain op: look at once; "" looks for mail on all accounts

// Line tells about the line.
type Line struct{}

func (s *Line) Status() (LineView, error)        { panic("stub") }
func (s *Line) SetPractice(mode string) error    { panic("stub") }

// Files fetches and saves attachments.
type Files struct{}

func (s *Files) Fetch(id string) error          { panic("stub") } // starts or goes on; progress comes as a changed event for the conversation
func (s *Files) Save(id string) (string, error) { panic("stub") } // asks where; the path, "" when the person changed their mind

// Settings keeps choices.
type Settings struct{}

func (s *Settings) Get() (SettingsView, error)             { panic("stub") }
func (s *Settings) SetTheme(theme string) error            { panic("stub") }
func (s *Settings) SetLocale(locale string) error          { panic("stub") }
func (s *Settings) SetKeys(on bool) error                  { panic("stub") }
func (s *Settings) OpenLink(url string) error              { panic("stub") } // http, https, mailto, tel only
