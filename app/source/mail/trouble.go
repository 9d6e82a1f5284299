package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"fernpost/store/desk"
)

// Trouble is what stands between an account and its server, as finely as a
// person can act on it. A new one needs two sentences in every catalogue:
// "trouble.<code>" says what it is, "trouble.<code>.next" what to do.
type Trouble string

// The troubles.
const (
	TroubleNone      Trouble = ""
	HostUnknown      Trouble = "host_unknown"   // no such name
	NamesSilent      Trouble = "names_silent"   // nobody answers what the name means: no line, mostly
	PortClosed       Trouble = "port_closed"    // the computer is there and takes nothing at this port
	Unreachable      Trouble = "unreachable"    // no way there
	Silent           Trouble = "silent"         // it takes the call and says nothing
	WantsTLS         Trouble = "wants_tls"      // set to STARTTLS or nothing, and TLS answers
	WantsSTARTTLS    Trouble = "wants_starttls" // set to TLS, and plain text answers
	NoSTARTTLS       Trouble = "no_starttls"    // it can't protect the line, or something took the offer away
	OldTLS           Trouble = "old_tls"        // both sides know no protection in common
	CertExpired      Trouble = "cert_expired"
	CertEarly        Trouble = "cert_early" // not valid yet: this computer's clock, mostly
	CertHost         Trouble = "cert_host"  // somebody else's
	CertAuthority    Trouble = "cert_authority"
	CertOther        Trouble = "cert_other"
	NotMail          Trouble = "not_mail"
	HungUp           Trouble = "hung_up"
	WrongPassword    Trouble = "password"
	AppPassword      Trouble = "app_password" // it wants a password made for this program
	BrowserNeeded    Trouble = "browser"      // it wants a sign-in in the browser first
	Locked           Trouble = "locked"
	SwitchedOff      Trouble = "switched_off" // IMAP, or sending, isn't allowed for this mailbox
	NoMechanism      Trouble = "no_mechanism"
	Later            Trouble = "later"    // busy, or too many connections
	TokenEnded       Trouble = "token"    // the sign-in has expired or was taken back
	ServerRefuses    Trouble = "refuses"  // it answers and wants nothing of us
	NotTheServer     Trouble = "not_ours" // it doesn't know the password it lets us in with
	KeyringSilent    Trouble = "keyring"
	SettingsUnusable Trouble = "settings"
	PlainOutside     Trouble = "plain_outside"
	OtherTrouble     Trouble = "other"
)

// Troubles lists every trouble, for the tests of the catalogues.
var Troubles = []Trouble{
	HostUnknown, NamesSilent, PortClosed, Unreachable, Silent, WantsTLS, WantsSTARTTLS, NoSTARTTLS, OldTLS,
	CertExpired, CertEarly, CertHost, CertAuthority, CertOther, NotMail, HungUp, WrongPassword, AppPassword,
	BrowserNeeded, Locked, SwitchedOff, NoMechanism, Later, TokenEnded, ServerRefuses, NotTheServer, KeyringSilent,
	SettingsUnusable, PlainOutside, OtherTrouble,
}

// errSilent ends an exchange whose time is over.
var errSilent = errors.New("no answer in time")

// TroubleOf tells what an error of this package is about.
func TroubleOf(err error) Trouble {
	if err == nil {
		return TroubleNone
	}
	for _, judge := range []func(error) Trouble{ofOurs, ofServer, ofTLS, ofNetwork, ofKind} {
		if t := judge(err); t != TroubleNone {
			return t
		}
	}
	return OtherTrouble
}

func ofOurs(err error) Trouble {
	for known, t := range map[error]Trouble{
		errNotTheServer: NotTheServer, errNoMechanism: NoMechanism, errNoSTARTTLS: NoSTARTTLS,
		errNotMail: NotMail, errPlainOutside: PlainOutside,
	} {
		if errors.Is(err, known) {
			return t
		}
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return NotMail
	}
	return TroubleNone
}

// ofServer judges the server's own words.
func ofServer(err error) Trouble {
	if no, ok := errors.AsType[*imap.Error](err); ok {
		return ofIMAP(no)
	}
	if no, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return ofSMTP(no)
	}
	return TroubleNone
}

func ofIMAP(no *imap.Error) Trouble {
	if t := ofWords(string(no.Code) + " " + no.Text); t != TroubleNone {
		return t
	}
	switch no.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return Later
	case imap.ResponseCodeExpired:
		return WrongPassword
	case imap.ResponseCodeAuthorizationFailed, imap.ResponseCodeNoPerm, imap.ResponseCodeContactAdmin:
		return SwitchedOff
	case imap.ResponseCodePrivacyRequired:
		return NoMechanism
	}
	switch no.Type {
	case imap.StatusResponseTypeNo:
		return WrongPassword
	case imap.StatusResponseTypeBye:
		return Later
	}
	return ServerRefuses
}

// ofSMTP judges by RFC 4954 6 and, for what isn't about signing in, RFC 5321.
func ofSMTP(no *smtp.SMTPError) Trouble {
	if t := ofWords(no.Message); t != TroubleNone {
		return t
	}
	switch no.Code {
	case 535:
		return WrongPassword
	case 530, 538, 504, 534:
		return NoMechanism
	case 454, 421, 450, 451:
		return Later
	}
	if no.Code < 500 {
		return Later
	}
	return ServerRefuses
}

// said are words by which servers tell more than their codes do, in lower case.
// The first that is found counts.
var said = []struct {
	words   string
	trouble Trouble
}{
	{"application-specific password", AppPassword}, // Gmail
	{"app password", AppPassword},                  // Yahoo, AOL
	{"application password", AppPassword},          // Mail.ru
	{"parol prilozheniya", AppPassword},            // Mail.ru
	{"authorization code", AppPassword},            // QQ, 163
	{"授权码", AppPassword},                           // QQ, 163
	{"invalidsecondfactor", AppPassword},           // Gmail
	{"web login required", BrowserNeeded},          // Gmail
	{"webalert", BrowserNeeded},                    // Gmail
	{"log in via your web browser", BrowserNeeded}, // Gmail
	{"logondenied-basicauthblocked", BrowserNeeded},
	{"basicauthblocked", BrowserNeeded}, // Outlook.com
	{"basic authentication is disabled", BrowserNeeded},
	{"smtpclientauthentication is disabled", SwitchedOff}, // Microsoft 365
	{"not enabled for imap", SwitchedOff},                 // Gmail
	{"imap is disabled", SwitchedOff},                     // Yandex says it of wrong passwords too
	{"imap access is disabled", SwitchedOff},
	{"enable imap", SwitchedOff}, // Zoho
	{"imap not activated", SwitchedOff},
	{"service is not open", SwitchedOff}, // QQ
	{"account is locked", Locked},
	{"account locked", Locked},
	{"user is locked", Locked},
	{"temporarily locked", Locked},
	{"account has been blocked", Locked},
	{"account is blocked", Locked},
	{"account disabled", Locked},
	{"user disabled", Locked}, // Dovecot
	{"too many failed", Locked},
	{"too many bad auth", Locked}, // Yahoo
	{"too many login", Later},
	{"too many simultaneous", Later}, // Gmail
	{"maximum number of connections", Later},
	{"temporary authentication failure", Later}, // Dovecot
	{"internal error", Later},
}

func ofWords(text string) Trouble {
	text = strings.ToLower(text)
	for _, s := range said {
		if strings.Contains(text, s.words) {
			return s.trouble
		}
	}
	return TroubleNone
}

// ofTLS tells certificates apart: each kind has its own way out, and none is to
// be accepted anyway.
func ofTLS(err error) Trouble {
	if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if bad.Reason != x509.Expired {
			return CertOther
		}
		if bad.Cert != nil && time.Now().Before(bad.Cert.NotBefore) {
			return CertEarly
		}
		return CertExpired
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return CertHost
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return CertAuthority
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return CertOther
	}
	if first, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		if speaksPlain(first.RecordHeader) {
			return WantsSTARTTLS
		}
		return NotMail
	}
	if text := err.Error(); strings.Contains(text, "tls: server selected unsupported protocol version") ||
		strings.Contains(text, "remote error: tls: protocol version not supported") ||
		strings.Contains(text, "remote error: tls: handshake failure") {
		return OldTLS
	}
	return TroubleNone
}

// speaksPlain knows the beginning of a greeting: "* OK" of IMAP, "220 " of SMTP.
func speaksPlain(head [5]byte) bool {
	s := string(head[:])
	return slices.ContainsFunc([]string{"* ", "220", "421", "500", "554"}, func(begin string) bool { return strings.HasPrefix(s, begin) })
}

func ofNetwork(err error) Trouble {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return HostUnknown
		}
		return NamesSilent
	}
	for known, t := range map[error]Trouble{
		syscall.ECONNREFUSED: PortClosed, syscall.EHOSTUNREACH: Unreachable, syscall.ENETUNREACH: Unreachable,
		syscall.ENETDOWN: Unreachable, syscall.EADDRNOTAVAIL: Unreachable,
		errSilent: Silent, os.ErrDeadlineExceeded: Silent, context.DeadlineExceeded: Silent, syscall.ETIMEDOUT: Silent,
		io.EOF: HungUp, io.ErrUnexpectedEOF: HungUp, syscall.ECONNRESET: HungUp, syscall.EPIPE: HungUp,
	} {
		if errors.Is(err, known) {
			return t
		}
	}
	if refusedElsewhere(err) {
		return PortClosed
	}
	if wait, ok := errors.AsType[net.Error](err); ok && wait.Timeout() {
		return Silent
	}
	return TroubleNone
}

func ofKind(err error) Trouble {
	switch desk.KindOf(err) {
	case desk.KindKeyring:
		return KeyringSilent
	case desk.KindInvalid:
		return SettingsUnusable
	case desk.KindSignIn:
		return TokenEnded
	case desk.KindOffline:
		return HungUp
	}
	return TroubleNone
}

// Words are the server's own, for the person who reads the report: nothing
// personal, "" when the server said nothing.
func Words(err error) string {
	if no, ok := errors.AsType[*imap.Error](err); ok {
		return withoutAddresses(no.Text)
	}
	if no, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return words(no)
	}
	return ""
}
