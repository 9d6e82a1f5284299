package desk

import "time"

// AccountKind says which code speaks to the account.
type AccountKind string

// The kinds of account. Practice speaks mail like any other; the kind only
// tells the screen that nothing leaves this computer.
const (
	AccountMail     AccountKind = "mail"
	AccountPractice AccountKind = "practice"
)

// AccountState says whether the account may be used.
type AccountState string

// The states of an account.
const (
	AccountOK        AccountState = "ok"
	AccountSignIn    AccountState = "sign_in"   // paused until the person signs in again
	AccountPaused    AccountState = "paused"    // paused by the person
	AccountDifferent AccountState = "different" // another mailbox answers than the one stored
)

// Account is a connected mailbox or helpdesk. Settings is the source's own
// JSON and never holds a secret.
type Account struct {
	ID       AccountID
	Kind     AccountKind
	Name     string // what the agent calls it
	Address  Address
	Identity string // what the server says it is; another one is refused
	State    AccountState
	Settings []byte
	Created  time.Time
	// Horizon is how many days back mail is brought in; see HorizonUnset.
	Horizon int
}

// Identity is whom an account writes as (RFC 8621 6).
type Identity struct {
	ID      IdentityID
	Account AccountID
	Address Address
	// Signatures by the language of the customer (BCP 47); "" is for every
	// language that has none.
	Signatures map[string]string
}

// Address is a mailbox with the name its owner gave it (RFC 5322 3.4).
type Address struct {
	Name string
	Addr string // local@domain, as written; compare with Same
}
