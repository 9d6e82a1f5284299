package app

// ServerView is where one protocol answers.
type ServerView struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	TLS  string `json:"tls"` // tls, starttls, plain (this computer alone)
}

// MailboxSetup is what a mailbox is connected with, without its secrets.
type MailboxSetup struct {
	Address      string     `json:"address"`
	Name         string     `json:"name"` // in the From of replies
	Username     string     `json:"username"`
	SMTPUsername string     `json:"smtpUsername"` // "" where it is the same
	IMAP         ServerView `json:"imap"`
	SMTP         ServerView `json:"smtp"`
	SignIn       string     `json:"signIn"` // password, google, microsoft
	Client       string     `json:"client"` // client id, for a sign-in with the browser
	Tenant       string     `json:"tenant"`
	Mechanism    string     `json:"mechanism"` // "" leaves it to what the server offers
	AuthServ     string     `json:"authServ"`  // as whom the own server signs its checks of senders; "" leaves it to Checks
	Horizon      int        `json:"horizon"`   // days back that mail is brought in, 0: everything
	Folders      []string   `json:"folders"`   // to bring in beside inbox, sent and junk
}

// MailboxSecrets go one way: they are never given back. An empty one leaves
// what is stored as it is.
type MailboxSecrets struct {
	Password     string `json:"password"`
	SMTPPassword string `json:"smtpPassword"`
	ClientSecret string `json:"clientSecret"`
	Ticket       string `json:"ticket"` // of Browse
}

// AskedView is one question that was put to find servers.
type AskedView struct {
	Way    string `json:"way"` // list, mx, srv, autoconfig, guess
	Whom   string `json:"whom"`
	Answer string `json:"answer"` // found, nothing, silent, elsewhere, unusable
}

// FoundView is what was found of an address.
type FoundView struct {
	Way       string       `json:"way"` // "": nothing was found, and Setup is a beginning
	Provider  string       `json:"provider"`
	Source    string       `json:"source"` // the page the list has it from
	Setup     MailboxSetup `json:"setup"`
	Elsewhere bool         `json:"elsewhere"` // servers outside the domain that nobody vouches for
	Marks     []string     `json:"marks"`     // app, switch, bridge, none, browser, google, microsoft
	Asked     []AskedView  `json:"asked"`
	Checks    []string     `json:"checks"` // as whom the own server signs its checks, as far as can be told
}

// SideView is what a test found of one server.
type SideView struct {
	Trouble   string `json:"trouble"` // "" when it works, else a code of trouble.*
	Words     string `json:"words"`   // the server's own
	Mechanism string `json:"mechanism"`
}

// TestView is what a test of both servers found.
type TestView struct {
	Works     bool     `json:"works"`
	IMAP      SideView `json:"imap"`
	SMTP      SideView `json:"smtp"`
	Folders   []string `json:"folders"`
	Server    string   `json:"server"`
	Labels    bool     `json:"labels"`    // it keeps done and waiting for other desks
	SavesSent bool     `json:"savesSent"` // it files sent mail by itself
}

// SignatureView is a signature for customers who write in a language.
type SignatureView struct {
	Language string `json:"language"` // "" is for every language that has none
	Text     string `json:"text"`
}

// IdentityView is whom an account writes as. ID is "" for a new one.
type IdentityView struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Address    string          `json:"address"`
	Signatures []SignatureView `json:"signatures"`
}

// MailboxView is one account as the settings show it.
type MailboxView struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind"` // mail, practice
	Name       string         `json:"name"` // what a person calls it, never ""
	State      string         `json:"state"`
	Setup      MailboxSetup   `json:"setup"`
	Identities []IdentityView `json:"identities"` // the usual one first
	Checks     []string       `json:"checks"`     // as in FoundView
	Kept       string         `json:"kept"`       // where its secrets' key is: keyring, file
	Replies    int            `json:"replies"`    // that haven't arrived for sure
	Drafts     int            `json:"drafts"`
}
