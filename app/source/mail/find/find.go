package find

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// stepLimit bounds each question: a domain that doesn't answer is asked no more.
const stepLimit = 8 * time.Second

// Resolver answers questions about names; *net.Resolver is one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// Finder asks. The zero value asks the system's resolver and the Internet.
type Finder struct {
	Names Resolver
	// Web fetches autoconfig files. Redirects to other hosts are not followed
	// whatever it says.
	Web *http.Client
	// Greets tells whether a mail server answers at srv, protected as srv says;
	// begin is how its greeting begins.
	Greets func(ctx context.Context, srv mail.Server, begin string) bool
}

// Ways are where settings can come from.
const (
	WayList       = "list"       // the list of providers
	WayMX         = "mx"         // who takes the domain's mail, and the list
	WaySRV        = "srv"        // RFC 6186
	WayAutoconfig = "autoconfig" // the domain's own file
	WayGuess      = "guess"      // usual names that answered
)

// Answers to a question.
const (
	AnswerFound     = "found"
	AnswerNothing   = "nothing"
	AnswerSilent    = "silent"    // it didn't answer in time, or not at all
	AnswerElsewhere = "elsewhere" // it pointed to another host, which wasn't asked
	AnswerUnusable  = "unusable"  // it can't be read, or names no safe servers
)

// Asked is one question that was put, for the person to see.
type Asked struct {
	Way    string
	Whom   string // a name, an address, a URL
	Answer string
}

// Result is what was found. Way is "" where nothing was.
type Result struct {
	Way        string
	Provider   string // a name, where the list has one
	Source     string // the page the list has it from
	Username   string
	IMAP, SMTP mail.Server
	// Elsewhere: the servers lie outside the address's domain, and nobody we
	// know vouches for that (RFC 6186 6). A person should look.
	Elsewhere bool
	// Marks are app, switch, bridge, none, browser, google and microsoft: what
	// the list knows of signing in. See providers.txt.
	Marks []string
	Asked []Asked
}

// Domain gives the domain of an address as it is asked about.
func Domain(address string) (local, domain string, err error) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || strings.ContainsAny(address, " \t\r\n,;<>") {
		return "", "", desk.E(desk.KindInvalid, "read address", errors.New("not an address"))
	}
	domain, err = idna.Lookup.ToASCII(address[at+1:])
	if err != nil || !strings.Contains(domain, ".") && domain != "localhost" || net.ParseIP(domain) != nil {
		return "", "", desk.E(desk.KindInvalid, "read address", errors.New("not a domain"))
	}
	return address[:at], strings.ToLower(domain), nil
}

// Find looks for an address's servers, the surest way first. That nothing was
// found is no error: the person fills it in. Kind invalid: no address.
func (f Finder) Find(ctx context.Context, address string) (Result, error) {
	local, domain, err := Domain(address)
	if err != nil {
		return Result{}, err
	}
	s := &search{Finder: f.ready(), address: address, local: local, domain: domain}
	s.result.Username = address
	if p, ok := byDomain(domain); ok {
		s.result.Asked = append(s.result.Asked, Asked{WayList, domain, AnswerFound})
		s.take(p, WayList)
		return s.result, nil
	}
	s.result.Asked = append(s.result.Asked, Asked{WayList, domain, AnswerNothing})
	for _, step := range []func(context.Context) bool{s.mx, s.srv, s.autoconfig, s.guess} {
		if err := ctx.Err(); err != nil {
			return s.result, desk.E(desk.KindCancelled, "find servers", err)
		}
		if step(ctx) {
			break
		}
	}
	return s.result, nil
}

func (f Finder) ready() Finder {
	if f.Names == nil {
		f.Names = net.DefaultResolver
	}
	if f.Web == nil {
		f.Web = &http.Client{}
	}
	if f.Greets == nil {
		f.Greets = greets
	}
	return f
}

// search is one run of Find.
type search struct {
	Finder
	address, local, domain string
	mu                     sync.Mutex
	result                 Result
}

func (s *search) asked(way, whom, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result.Asked = append(s.result.Asked, Asked{way, whom, answer})
}

func (s *search) take(p provider, way string) {
	r := &s.result
	r.Way, r.Provider, r.Source, r.IMAP, r.SMTP, r.Marks = way, p.name, p.source, p.imap, p.smtp, p.marks
	if p.has("local") {
		r.Username = s.local
	}
}

// found takes servers that a domain's own word, or a guess, gave.
func (s *search) found(way string, imap, smtp mail.Server) {
	r := &s.result
	r.Way, r.IMAP, r.SMTP = way, imap, smtp
	r.Elsewhere = !s.inside(imap.Host) || !s.inside(smtp.Host)
}

func (s *search) inside(host string) bool {
	return host == s.domain || strings.HasSuffix(host, "."+s.domain)
}

func (s *search) mx(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	hosts, err := s.Names.LookupMX(ctx, s.domain)
	if err != nil && len(hosts) == 0 {
		s.asked(WayMX, s.domain, silence(err))
		return false
	}
	for _, h := range hosts {
		host := strings.ToLower(strings.TrimSuffix(h.Host, "."))
		if p, ok := byMX(host); ok {
			s.asked(WayMX, host, AnswerFound)
			s.take(p, WayMX)
			return true
		}
	}
	s.asked(WayMX, s.domain, AnswerNothing)
	return false
}

// silence tells "there is nothing" from "nobody answered".
func silence(err error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return AnswerNothing
	}
	return AnswerSilent
}

// services are RFC 6186's and RFC 8314's, the better protected first.
var (
	imapServices = []service{{"imaps", mail.TLSImplicit}, {"imap", mail.TLSStart}}
	smtpServices = []service{{"submissions", mail.TLSImplicit}, {"submission", mail.TLSStart}}
)

type service struct {
	name string
	tls  mail.TLSMode
}

func (s *search) srv(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	var imap, smtp mail.Server
	var both sync.WaitGroup
	both.Go(func() { imap = s.service(ctx, imapServices) })
	both.Go(func() { smtp = s.service(ctx, smtpServices) })
	both.Wait()
	if imap.Host == "" || smtp.Host == "" {
		return false
	}
	s.found(WaySRV, imap, smtp)
	return true
}

func (s *search) service(ctx context.Context, services []service) mail.Server {
	for _, v := range services {
		whom := "_" + v.name + "._tcp." + s.domain
		_, records, err := s.Names.LookupSRV(ctx, v.name, "tcp", s.domain)
		if err != nil && len(records) == 0 {
			s.asked(WaySRV, whom, silence(err))
			continue
		}
		i := slices.IndexFunc(records, func(r *net.SRV) bool { // "." says: not here (RFC 2782)
			return hostName(r.Target) != "" && r.Port > 0
		})
		if i < 0 {
			s.asked(WaySRV, whom, AnswerNothing)
			continue
		}
		s.asked(WaySRV, whom, AnswerFound)
		return mail.Server{Host: hostName(records[i].Target), Port: int(records[i].Port), TLS: v.tls}
	}
	return mail.Server{}
}

// hostName gives a name as it is dialled, "" for what is none. Somebody who
// answers for a domain doesn't get to name this computer or its network.
func hostName(name string) string {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || !strings.Contains(ascii, ".") || net.ParseIP(ascii) != nil || len(ascii) > 253 {
		return ""
	}
	return ascii
}

// guess tries the usual names, protected, and takes what greets as a mail server.
func (s *search) guess(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	var imap, smtp mail.Server
	var both sync.WaitGroup
	both.Go(func() {
		imap = s.first(ctx, "* ", s.usual([]string{"imap", "mail"}, []mail.Server{{Port: 993, TLS: mail.TLSImplicit}}))
	})
	both.Go(func() {
		smtp = s.first(ctx, "220", s.usual([]string{"smtp", "mail"}, []mail.Server{{Port: 465, TLS: mail.TLSImplicit}, {Port: 587, TLS: mail.TLSStart}}))
	})
	both.Wait()
	if imap.Host == "" && smtp.Host == "" {
		return false
	}
	s.found(WayGuess, imap, smtp)
	s.result.Elsewhere = false // every name tried is the domain's own
	return true
}

func (s *search) usual(names []string, at []mail.Server) (all []mail.Server) {
	for _, srv := range at {
		for _, name := range names {
			srv.Host = name + "." + s.domain
			all = append(all, srv)
		}
	}
	return all
}

// first asks all at once and gives the first of the list that greets.
func (s *search) first(ctx context.Context, begin string, all []mail.Server) mail.Server {
	good := make([]bool, len(all))
	var asking sync.WaitGroup
	for i, srv := range all {
		asking.Go(func() { good[i] = s.Greets(ctx, srv, begin) })
	}
	asking.Wait()
	var found mail.Server
	for i, srv := range all {
		answer := AnswerNothing
		if good[i] {
			answer = AnswerFound
			if found.Host == "" {
				found = srv
			}
		}
		s.asked(WayGuess, srv.Address(), answer)
	}
	return found
}

// greets connects and reads the beginning of the greeting. Nothing is said.
func greets(ctx context.Context, srv mail.Server, begin string) bool {
	var c net.Conn
	var err error
	if srv.TLS == mail.TLSImplicit {
		c, err = (&tls.Dialer{Config: &tls.Config{ServerName: srv.Host, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", srv.Address())
	} else {
		c, err = (&net.Dialer{}).DialContext(ctx, "tcp", srv.Address())
	}
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(deadline)
	}
	head := make([]byte, len(begin))
	for n := 0; n < len(head); {
		m, err := c.Read(head[n:])
		if n += m; err != nil && n < len(head) {
			return false
		}
	}
	return string(head) == begin
}
