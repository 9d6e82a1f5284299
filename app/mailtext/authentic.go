package mailtext

import (
	"slices"
	"strings"
)

// Authentic reads what our own server found out about a sender (RFC 8601). It
// gives false only where the server says that the mail does not come from where
// it claims; true where it says that it does, or says nothing.
//
// Whoever sends a mail can write Authentication-Results into it. A field counts
// only under a name of our own server, which takes such fields of strangers out
// (RFC 8601 5), and only above the first Received of another organisation: below
// it stands what the sender's side wrote. A forged "pass" gains nothing, because
// nothing is ever shown for one.
func Authentic(h Header, fromDomain string, d Desk) bool {
	for _, results := range ownResults(h, d) {
		if verdict := judge(results, organisation(fromDomain)); verdict != unknown {
			return verdict != refuted
		}
	}
	return true
}

type verdict int

const (
	unknown verdict = iota
	proven
	refuted
)

// result is one method's, as "dkim=pass header.d=example.com".
type result struct {
	method, value string
	props         map[string]string
}

// ownResults gives what our server wrote, the topmost field first.
func ownResults(h Header, d Desk) (all [][]result) {
	for _, f := range h.fields {
		switch strings.ToLower(f.name) {
		case "received":
			if by := receivedBy(f.value); by != "" && !d.speaksFor(by) {
				return all
			}
		case "authentication-results":
			if server, results := parseResults(f.value); d.speaksAs(server) {
				all = append(all, results)
			}
		}
	}
	return all
}

// receivedBy gives the host that wrote a Received field (RFC 5321 4.4).
func receivedBy(value string) string {
	words := strings.Fields(value)
	if i := slices.Index(words, "by"); i >= 0 && i+1 < len(words) && strings.Contains(words[i+1], ".") {
		return strings.Trim(words[i+1], "[];,")
	}
	return ""
}

func (d Desk) speaksAs(server string) bool {
	return slices.ContainsFunc(d.AuthServs, func(own string) bool { return strings.EqualFold(own, server) })
}

func (d Desk) speaksFor(host string) bool {
	return slices.ContainsFunc(d.AuthServs, func(own string) bool {
		return own != "" && organisation(own) == organisation(host)
	})
}

// parseResults reads one field. Comments say nothing to a machine.
func parseResults(value string) (server string, results []result) {
	value, _ = dropComments(value)
	for i, part := range strings.Split(value, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		if i == 0 && !strings.Contains(words[0], "=") {
			server = words[0]
			continue
		}
		method, v, ok := strings.Cut(words[0], "=")
		if !ok {
			continue
		}
		method, _, _ = strings.Cut(method, "/") // with a version
		r := result{method: strings.ToLower(method), value: strings.ToLower(v), props: map[string]string{}}
		for _, w := range words[1:] {
			if name, value, ok := strings.Cut(w, "="); ok {
				r.props[strings.ToLower(name)] = strings.Trim(strings.ToLower(value), `"`)
			}
		}
		results = append(results, r)
	}
	return server, results
}

// judge weighs DMARC (RFC 7489) first, because it is about the address that is
// shown; else SPF and DKIM count where they are about the same organisation.
func judge(results []result, org string) verdict {
	failed := false
	for _, r := range results {
		switch {
		case r.method == "dmarc" && r.value == "pass", r.method == "arc" && r.value == "pass", r.method == "compauth" && r.value == "pass":
			return proven
		case r.method == "dmarc" && r.value == "fail":
			failed = true
		case r.method == "dkim" && r.value == "pass" && aligned(r.props, org, "header.d", "header.i"):
			return proven
		case r.method == "spf" && r.value == "pass" && aligned(r.props, org, "smtp.mailfrom", "smtp.mail", "envelope-from"):
			return proven
		case r.method == "spf" && r.value == "fail" && aligned(r.props, org, "smtp.mailfrom", "smtp.mail"):
			failed = true
		}
	}
	if failed {
		return refuted
	}
	return unknown
}

func aligned(props map[string]string, org string, names ...string) bool {
	for _, name := range names {
		if value := props[name]; value != "" {
			if domain := domainOf(value); domain != "" {
				value = domain
			}
			return organisation(strings.TrimPrefix(value, "@")) == org
		}
	}
	return false
}
