package find

import (
	_ "embed" // for the list
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fernpost/app/source/mail"
)

//go:embed providers.txt
var providersText string

// provider is one line of providers.txt.
type provider struct {
	name       string
	domains    []string
	mx         []string
	imap, smtp mail.Server
	marks      []string
	source     string
}

var providers = readProviders(providersText)

// readProviders panics on a line that is wrong: the list is part of the program,
// and a test reads it.
func readProviders(text string) (all []provider) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 7 {
			panic("providers.txt: " + line)
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		all = append(all, provider{
			name: f[0], domains: strings.Fields(f[1]), mx: strings.Fields(f[2]),
			imap: readServer(f[3]), smtp: readServer(f[4]), marks: strings.Fields(f[5]), source: f[6],
		})
	}
	return all
}

// readServer reads host:port:tls, port:tls where the host is the domain's own,
// or nothing.
func readServer(s string) (srv mail.Server) {
	if s == "" {
		return srv
	}
	parts := strings.Split(s, ":")
	if len(parts) == 2 {
		parts = append([]string{""}, parts...)
	}
	port, err := strconv.Atoi(parts[1])
	if err != nil || len(parts) != 3 {
		panic(fmt.Sprintf("providers.txt: server %q", s))
	}
	return mail.Server{Host: parts[0], Port: port, TLS: mail.TLSMode(parts[2])}
}

func (p provider) has(mark string) bool { return slices.Contains(p.marks, mark) }

func byDomain(domain string) (provider, bool) {
	i := slices.IndexFunc(providers, func(p provider) bool { return slices.Contains(p.domains, domain) })
	if i < 0 {
		return provider{}, false
	}
	return providers[i], true
}

// byMX finds who takes a domain's mail by the name of the host that does.
func byMX(host string) (provider, bool) {
	i := slices.IndexFunc(providers, func(p provider) bool {
		return slices.ContainsFunc(p.mx, func(end string) bool { return host == end || strings.HasSuffix(host, "."+end) })
	})
	if i < 0 {
		return provider{}, false
	}
	p := providers[i]
	if p.has("mx") {
		p.imap.Host, p.smtp.Host = host, host
	}
	return p, true
}
