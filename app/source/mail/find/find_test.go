package find

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// names is a resolver that knows what a test tells it.
type names map[string][]string

func (n names) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	hosts, ok := n["MX "+name]
	if !ok {
		return nil, &net.DNSError{IsNotFound: true}
	}
	var all []*net.MX
	for _, h := range hosts {
		all = append(all, &net.MX{Host: h})
	}
	return all, nil
}

func (n names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	targets, ok := n["_"+service+"._"+proto+"."+name]
	if !ok {
		return "", nil, &net.DNSError{IsNotFound: true}
	}
	var all []*net.SRV
	for _, target := range targets {
		host, port, _ := strings.Cut(target, " ")
		s := &net.SRV{Target: host}
		_, _ = fmt.Sscan(port, &s.Port)
		all = append(all, s)
	}
	return "", all, nil
}

// web answers https for every host, with what host and path lead to; a file that
// isn't there is 404.
func web(t *testing.T, files map[string]http.HandlerFunc) *http.Client {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.String(), "@") || r.URL.RawQuery != "" {
			t.Errorf("the address was told: %s", r.URL)
		}
		if answer, ok := files[r.Host+r.URL.Path]; ok {
			answer(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	client := server.Client()
	transport := client.Transport.(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com"} //nolint:gosec // one test server plays all hosts
	return client
}

func says(text string) http.HandlerFunc {
	file := []byte(text)
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(file) }
}

func leads(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func nobody(context.Context, mail.Server, string) bool { return false }

const configFile = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="shop.example">
<incomingServer type="pop3"><hostname>pop.shop.example</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
<incomingServer type="imap"><hostname>in.%EMAILDOMAIN%</hostname><port>143</port><socketType>plain</socketType></incomingServer>
<incomingServer type="imap"><hostname>in.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>out.hoster.example</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>`

const configPath = "shop.example/.well-known/autoconfig/mail/config-v1.1.xml"

func server(text string) mail.Server { return readServer(text) }

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		address string
		names   names
		files   map[string]http.HandlerFunc
		greets  []string
		want    Result // Way, Provider, Username, servers, Elsewhere
	}{
		"a large provider": {
			address: "amira@GMAIL.com",
			want:    Result{Way: WayList, Provider: "Gmail", Username: "amira@GMAIL.com", IMAP: server("imap.gmail.com:993:tls"), SMTP: server("smtp.gmail.com:465:tls")},
		},
		"a user name of its own": {
			address: "amira@web.de",
			want:    Result{Way: WayList, Provider: "WEB.DE", Username: "amira", IMAP: server("imap.web.de:993:tls"), SMTP: server("smtp.web.de:587:starttls")},
		},
		"hosted at Google": {
			address: "help@shop.example", names: names{"MX shop.example": {"ASPMX.L.GOOGLE.COM.", "alt1.aspmx.l.google.com."}},
			want: Result{Way: WayMX, Provider: "Gmail", Username: "help@shop.example", IMAP: server("imap.gmail.com:993:tls"), SMTP: server("smtp.gmail.com:465:tls")},
		},
		"hosted at Microsoft": {
			address: "help@shop.example", names: names{"MX shop.example": {"shop-example.mail.protection.outlook.com."}},
			want: Result{Way: WayMX, Provider: "Microsoft 365", Username: "help@shop.example", IMAP: server("outlook.office365.com:993:tls"), SMTP: server("smtp.office365.com:587:starttls")},
		},
		"where the MX is the server": {
			address: "help@shop.example", names: names{"MX shop.example": {"w01234.kasserver.com."}},
			want: Result{Way: WayMX, Provider: "ALL-INKL", Username: "help@shop.example", IMAP: server("w01234.kasserver.com:993:tls"), SMTP: server("w01234.kasserver.com:465:tls")},
		},
		"a name that only ends like one": {
			address: "help@shop.example", names: names{"MX shop.example": {"evilgoogle.com."}},
			want: Result{Username: "help@shop.example"},
		},
		"SRV": {
			address: "help@shop.example",
			names:   names{"_imaps._tcp.shop.example": {"mail.shop.example. 993"}, "_submission._tcp.shop.example": {"mail.shop.example. 587"}, "_submissions._tcp.shop.example": {". 0"}},
			want:    Result{Way: WaySRV, Username: "help@shop.example", IMAP: server("mail.shop.example:993:tls"), SMTP: server("mail.shop.example:587:starttls")},
		},
		"SRV to elsewhere": {
			address: "help@shop.example",
			names:   names{"_imap._tcp.shop.example": {"mail.hoster.example. 143"}, "_submissions._tcp.shop.example": {"mail.hoster.example. 465"}},
			want:    Result{Way: WaySRV, Username: "help@shop.example", IMAP: server("mail.hoster.example:143:starttls"), SMTP: server("mail.hoster.example:465:tls"), Elsewhere: true},
		},
		"SRV to this computer": {
			address: "help@shop.example",
			names:   names{"_imaps._tcp.shop.example": {"localhost. 993", "127.0.0.1. 993"}, "_submissions._tcp.shop.example": {"mail.shop.example. 465"}},
			want:    Result{Username: "help@shop.example"},
		},
		"autoconfig": {
			address: "help@shop.example", files: map[string]http.HandlerFunc{"autoconfig.shop.example/mail/config-v1.1.xml": says(configFile)},
			want: Result{Way: WayAutoconfig, Username: "help", IMAP: server("in.shop.example:993:tls"), SMTP: server("out.hoster.example:587:starttls")},
		},
		"autoconfig, well known": {
			address: "help@shop.example", files: map[string]http.HandlerFunc{configPath: says(configFile)},
			want: Result{Way: WayAutoconfig, Username: "help", IMAP: server("in.shop.example:993:tls"), SMTP: server("out.hoster.example:587:starttls")},
		},
		"a domain with an umlaut": {
			address: "help@bücher.example", files: map[string]http.HandlerFunc{"autoconfig.xn--bcher-kva.example/mail/config-v1.1.xml": says(configFile)},
			want: Result{Way: WayAutoconfig, Username: "help", IMAP: server("in.xn--bcher-kva.example:993:tls"), SMTP: server("out.hoster.example:587:starttls")},
		},
		"a guess": {
			address: "help@shop.example", greets: []string{"mail.shop.example:993", "smtp.shop.example:587", "mail.shop.example:587"},
			want: Result{Way: WayGuess, Username: "help@shop.example", IMAP: server("mail.shop.example:993:tls"), SMTP: server("smtp.shop.example:587:starttls")},
		},
		"nothing": {address: "help@shop.example", want: Result{Username: "help@shop.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := Finder{Names: c.names, Web: web(t, c.files), Greets: func(_ context.Context, srv mail.Server, _ string) bool {
				return slices.Contains(c.greets, srv.Address())
			}}
			got, err := f.Find(t.Context(), c.address)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Asked) == 0 {
				t.Error("it doesn't say whom it asked")
			}
			got.Asked, got.Marks, got.Source = nil, nil, ""
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
				t.Errorf("\n got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestHostileAutoconfig(t *testing.T) {
	const entity = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><clientConfig><emailProvider><incomingServer type="imap"><hostname>&a;</hostname><port>993</port><socketType>SSL</socketType></incomingServer></emailProvider></clientConfig>`
	laughs := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><clientConfig>&b;</clientConfig>`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"an external entity":  {says(entity), AnswerUnusable},
		"a thousand laughs":   {says(laughs), AnswerUnusable},
		"endless":             {says("<clientConfig>" + strings.Repeat("<a>", longestFile)), AnswerUnusable},
		"no XML":              {says("<html>hello"), AnswerUnusable},
		"another root":        {says(strings.ReplaceAll(configFile, "clientConfig", "config")), AnswerUnusable},
		"plain text alone":    {says(strings.NewReplacer("SSL", "plain", "STARTTLS", "plain").Replace(configFile)), AnswerUnusable},
		"this computer":       {says(strings.ReplaceAll(configFile, "in.%EMAILDOMAIN%", "127.0.0.1")), AnswerUnusable},
		"a name with a break": {says(strings.ReplaceAll(configFile, "in.%EMAILDOMAIN%", "in.x\r\nA1 LOGOUT")), AnswerUnusable},
		"no such port":        {says(strings.NewReplacer("993", "99300", "587", "0").Replace(configFile)), AnswerUnusable},
		"to another host":     {leads("https://evil.example/mail/config-v1.1.xml"), AnswerElsewhere},
		"to plain text":       {leads("http://shop.example/.well-known/autoconfig/mail/config-v1.1.xml"), AnswerElsewhere},
		"round and round":     {leads("https://" + configPath), AnswerElsewhere},
		"an error of theirs":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, AnswerNothing},
		"cut off in the midst": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9999")
			_, _ = w.Write([]byte(configFile))
		}, AnswerUnusable},
	} {
		t.Run(name, func(t *testing.T) {
			evil := false
			f := Finder{Names: names{}, Greets: nobody, Web: web(t, map[string]http.HandlerFunc{
				configPath: c.answer,
				"evil.example/mail/config-v1.1.xml": func(w http.ResponseWriter, r *http.Request) {
					evil = true
					says(configFile)(w, r)
				},
			})}
			r, err := f.Find(t.Context(), "help@shop.example")
			if err != nil || r.Way != "" || evil {
				t.Errorf("%+v, %v, evil asked: %v", r, err, evil)
			}
			if !slices.Contains(r.Asked, Asked{WayAutoconfig, "https://" + configPath, c.want}) {
				t.Errorf("asked %+v, want %s", r.Asked, c.want)
			}
		})
	}
}

func TestSilentNames(t *testing.T) {
	r, err := Finder{Names: deaf{}, Greets: nobody, Web: web(t, nil)}.Find(t.Context(), "help@shop.example")
	if err != nil || r.Way != "" || !slices.Contains(r.Asked, Asked{WayMX, "shop.example", AnswerSilent}) {
		t.Errorf("%+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Finder{Names: deaf{}}).Find(ctx, "help@shop.example"); desk.KindOf(err) != desk.KindCancelled {
		t.Errorf("cancelled: %v", err)
	}
}

type deaf struct{}

func (deaf) LookupMX(context.Context, string) ([]*net.MX, error) {
	return nil, &net.DNSError{IsTimeout: true}
}

func (deaf) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{IsTemporary: true}
}

func TestWhatIsNoAddress(t *testing.T) {
	for _, address := range []string{
		"", "@", "amira", "amira@", "@shop.example", "amira@shop", "amira@127.0.0.1", "a b@shop.example",
		"amira@shop.example\r\n", "<amira@shop.example>", "amira@-.example", "a@b@c d.example", "amira@[::1]",
	} {
		if _, _, err := Domain(address); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// The list is part of the program: what stands in it can be used as it stands.
func TestProviders(t *testing.T) {
	seen := map[string]string{}
	for _, p := range providers {
		for _, name := range slices.Concat(p.domains, p.mx) {
			if other, twice := seen[name]; twice && other != p.name {
				t.Errorf("%s: %s and %s", name, other, p.name)
			}
			seen[name] = p.name
		}
		if !strings.HasPrefix(p.source, "https://") {
			t.Errorf("%s has no source", p.name)
		}
		if p.has("none") {
			continue
		}
		if p.has("mx") {
			p.imap.Host, p.smtp.Host = "w1.kasserver.com", "w1.kasserver.com"
		}
		set := mail.Settings{Username: "x", Addresses: []string{"x@y.example"}, IMAP: p.imap, SMTP: p.smtp}
		if err := set.Check(); err != nil || p.imap.TLS == mail.TLSPlain || p.smtp.TLS == mail.TLSPlain {
			t.Errorf("%s: %v", p.name, err)
		}
		for _, m := range p.marks {
			if !slices.Contains([]string{"local", "app", "switch", "google", "microsoft", "browser", "bridge", "mx"}, m) {
				t.Errorf("%s is marked %q", p.name, m)
			}
		}
	}
	if len(providers) < 45 {
		t.Errorf("%d providers", len(providers))
	}
}

func TestGreets(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = fmt.Fprint(c, "220 mx\r\n")
			_ = c.Close()
		}
	}()
	srv := mail.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: mail.TLSStart}
	if !greets(t.Context(), srv, "220") || greets(t.Context(), srv, "* ") {
		t.Error("a greeting isn't told from another")
	}
	srv.TLS = mail.TLSImplicit
	if greets(t.Context(), srv, "220") {
		t.Error("plain text passes for TLS")
	}
}
