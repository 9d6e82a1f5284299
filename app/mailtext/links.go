package mailtext

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// trueHost gives where a link leads, as a person can check it: a host in ASCII,
// so that no letter of another script looks like one; an address of mail or a
// telephone's number. "" for what may not stay.
func trueHost(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		host, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."))
		if err != nil {
			host = strings.ToLower(u.Hostname())
		}
		return host
	case "mailto", "tel":
		to, err := url.PathUnescape(u.Opaque)
		if err != nil || to == "" {
			to = u.Opaque
		}
		return strings.Join(strings.Fields(to), "")
	}
	return ""
}

// namedHost finds a host that a link's text names: "paypal.example/login". Words
// with a full stop in them that are no host ("invoice.pdf") aren't found.
func namedHost(label string) string {
	const longest = 300
	if len(label) > longest {
		return ""
	}
	for _, m := range hostLike.FindAllStringSubmatch(label, 3) {
		host, err := idna.Lookup.ToASCII(strings.ToLower(m[1]))
		if err != nil {
			host = strings.ToLower(m[1])
		}
		if _, listed := publicsuffix.PublicSuffix(host); listed || strings.Contains(m[0], "://") {
			return host
		}
	}
	return ""
}

var hostLike = regexp.MustCompile(`(?:https?://)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}\p{L}{2,24})`)

// differs tells that a link's text names another site than the link leads to.
func differs(label, host string) bool {
	if strings.Contains(host, "@") {
		return false
	}
	named := namedHost(label)
	return named != "" && site(named) != site(host)
}

// site is the part of a host that one owner has: shop.example of
// www.shop.example.
func site(host string) string {
	if s, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return s
	}
	return host
}
