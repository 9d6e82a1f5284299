package mailtext

import (
	"strings"

	"golang.org/x/net/idna"

	"fernpost/store/desk"
)

// maxAddresses bounds a list: nobody reads more, and a hostile one stays cheap.
const maxAddresses = 500

// ParseAddresses reads an address list (RFC 5322 3.4) and what people and
// programs write instead of one: unquoted names with commas in the encoded
// words, missing brackets, groups, comments. Entries without an @ are kept out.
func ParseAddresses(s string) []desk.Address {
	var out []desk.Address
	for _, piece := range splitAddresses(s) {
		if a, ok := parseAddress(piece); ok && len(out) < maxAddresses {
			out = append(out, a)
		}
	}
	return out
}

// splitAddresses cuts at the commas and semicolons that stand outside quotes,
// brackets and comments; a group's name falls away.
func splitAddresses(s string) []string {
	var out []string
	var quoted, angle bool
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case c == ':' && !angle && !strings.Contains(s[start:i], "@"):
			start = i + 1
		case (c == ',' || c == ';') && !angle:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

func parseAddress(piece string) (desk.Address, bool) {
	piece, comment := dropComments(piece)
	name, addr := "", piece
	if open := strings.LastIndexByte(piece, '<'); open >= 0 {
		name = piece[:open]
		addr = piece[open+1:]
		if end := strings.IndexByte(addr, '>'); end >= 0 {
			addr = addr[:end]
		}
		if at := strings.LastIndexByte(addr, ':'); at >= 0 && strings.HasPrefix(addr, "@") {
			addr = addr[at+1:] // a route (RFC 5322 4.4)
		}
	} else if comment != "" {
		name = comment // the old form: addr (Name)
	}
	addr = cleanAddr(addr)
	local, domain, ok := cutLast(addr, "@")
	if !ok || local == "" || domain == "" {
		return desk.Address{}, false
	}
	if u, err := idna.Display.ToUnicode(domain); err == nil && strings.Contains(strings.ToLower(domain), "xn--") {
		domain = u
	}
	return desk.Address{Name: cleanName(name), Addr: local + "@" + domain}, true
}

// dropComments takes (…) out and gives the last one.
func dropComments(s string) (rest, comment string) {
	var b, c strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(s); i++ {
		ch := s[i]
		if ch == '\\' && i+1 < len(s) && (quoted || depth > 0) {
			if depth > 0 {
				c.WriteByte(s[i+1])
			} else {
				b.WriteString(s[i : i+2])
			}
			i++
			continue
		}
		switch {
		case ch == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(ch)
		case ch == '(' && !quoted:
			if depth == 0 {
				c.Reset()
			}
			depth++
		case ch == ')' && depth > 0:
			depth--
		case depth > 0:
			c.WriteByte(ch)
		default:
			b.WriteByte(ch)
		}
	}
	return b.String(), strings.TrimSpace(c.String())
}

// cleanAddr drops everything that can stand in no address, so that what is
// shown, compared and answered is one and the same.
func cleanAddr(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '<', '>', '"', '(', ')', ',', ';', ':', '\\':
			return -1
		}
		if r <= ' ' || r == 0x7f || isInvisible(r) {
			return -1
		}
		return r
	}, guess(s))
}

func cleanName(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
		s = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
	}
	s = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, DecodeWords(s))
	return strings.Trim(strings.Join(strings.Fields(s), " "), `'"`)
}

// isInvisible finds the characters that make a text read otherwise than it is:
// direction overrides and marks without width. Joiners stay: Persian, Hindi and
// emoji need them.
func isInvisible(r rune) bool {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0xfeff, r == 0x2060:
		return true
	}
	return false
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
