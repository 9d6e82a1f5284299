package mailtext

import (
	"strings"

	"golang.org/x/net/idna"

	"fernpost/store/desk"
)

// maxAddresses bounds a list, so that a hostile one stays cheap.
const maxAddresses = 20_000

// ParseAddresses reads an address list (RFC 5322 3.4) and what people and
// programs write instead of one: unquoted names with commas, missing brackets
// and commas, groups, comments, whole entries in encoded words. Entries without
// an @ are kept out.
func ParseAddresses(s string) []desk.Address {
	var out []desk.Address
	for _, piece := range splitAddresses(s) {
		for _, one := range crowded(piece) {
			if a, ok := parseAddress(one); ok && len(out) < maxAddresses {
				out = append(out, a)
			}
		}
	}
	return out
}

// Addresses reads the address list of every field of a name.
func (h Header) Addresses(name string) []desk.Address {
	var out []desk.Address
	for _, v := range h.all(name) {
		out = append(out, ParseAddresses(v)...)
	}
	return out[:min(len(out), maxAddresses)]
}

// Sender is who a mail says it is from. A local name without an @ is a machine
// of old or nobody; it counts only where there is nothing better.
func (h Header) Sender() desk.Address {
	for _, name := range []string{"From", "Sender"} {
		if from := h.Addresses(name); len(from) > 0 {
			return from[0]
		}
	}
	piece, comment := dropComments(h.Raw("From"))
	if name, addr, ok := cutLast(piece, "<"); ok {
		return desk.Address{Name: cleanName(name), Addr: cleanAddr(addr)}
	}
	if len(strings.Fields(piece)) == 1 && !strings.Contains(piece, `"`) {
		return desk.Address{Name: cleanName(comment), Addr: cleanAddr(DecodeWords(piece))}
	}
	return desk.Address{Name: cleanName(piece)}
}

// splitAddresses cuts at the commas and semicolons that stand outside quotes,
// brackets and comments; a group's name falls away. A piece without an @ is no
// address: it is the beginning of a name that should have been quoted.
func splitAddresses(s string) []string {
	c := addressCutter{s: s}
	for c.pos = 0; c.pos < len(s); c.pos++ {
		c.step(s[c.pos])
	}
	if c.quoted && c.start < len(s) && c.quoteAt >= c.start && strings.Contains(s[c.quoteAt+1:], ",") {
		// A quote that never ends would hide all that follows.
		return append(c.out, splitAddresses(s[c.start:c.quoteAt]+" "+s[c.quoteAt+1:])...)
	}
	return append(c.out, s[c.start:])
}

type addressCutter struct {
	s             string
	out           []string
	pos, start    int
	quoteAt       int
	closed        int // behind the last > of this piece, 0 for none
	depth         int // of comments
	quoted, angle bool
	hasAt         bool // this piece holds an @ outside quotes
}

func (c *addressCutter) step(b byte) {
	switch {
	case b == '\\' && (c.quoted || c.depth > 0):
		c.pos++
	case b == '"' && c.depth == 0:
		c.quoted, c.quoteAt = !c.quoted, c.pos
	case c.quoted:
	case b == '(':
		c.depth++
	case b == ')' && c.depth > 0:
		c.depth--
	case c.depth > 0:
	case b == '<':
		if c.closed > c.start && c.hasAt { // a comma was forgotten
			c.cut(c.closed, c.closed)
		}
		c.angle = true
	case b == '>':
		c.angle, c.closed = false, c.pos+1
	case b == '@':
		if !c.angle && c.closed > c.start { // here, too
			c.cut(c.closed, c.closed)
		}
		c.hasAt = true
	case b == ':' && !c.angle && !c.hasAt:
		c.start = c.pos + 1
	case (b == ',' || b == ';') && !c.angle && (c.hasAt || b == ';'):
		c.cut(c.pos, c.pos+1)
	}
}

func (c *addressCutter) cut(end, next int) {
	c.out = append(c.out, c.s[c.start:end])
	c.start, c.hasAt, c.closed = next, false, 0
}

// crowded parts addresses that stand beside each other with nothing but space.
func crowded(piece string) []string {
	if strings.ContainsAny(piece, `<"(`) || strings.Count(piece, "@") < 2 {
		return []string{piece}
	}
	words := strings.Fields(piece)
	for _, w := range words {
		if at := strings.IndexByte(w, '@'); at < 1 || at == len(w)-1 {
			return []string{piece}
		}
	}
	return words
}

func parseAddress(piece string) (desk.Address, bool) {
	if !strings.Contains(piece, "@") && strings.Contains(piece, "=?") {
		piece = DecodeWords(piece) // the whole entry was encoded
	}
	piece, comment := dropComments(piece)
	name, addr := "", piece
	if open := strings.LastIndexByte(piece, '<'); open >= 0 {
		name = piece[:open]
		var after string
		addr, after, _ = strings.Cut(piece[open+1:], ">")
		if strings.TrimSpace(name) == "" {
			name = after
		}
		if at := strings.LastIndexByte(addr, ':'); at >= 0 && strings.HasPrefix(strings.TrimSpace(addr), "@") {
			addr = addr[at+1:] // a route (RFC 5322 4.4)
		}
	} else if at := strings.LastIndexByte(piece, ','); at >= 0 && !strings.HasPrefix(strings.TrimSpace(piece), `"`) {
		addr = piece[at+1:]
	}
	if strings.TrimSpace(name) == "" {
		name = comment // the old form: addr (Name)
	}
	if words, last, ok := lastWord(addr); ok {
		name, addr = name+" "+words, last
	}
	local, domain, ok := cutAddr(addr)
	if !ok {
		return desk.Address{}, false
	}
	if strings.Contains(strings.ToLower(domain), "xn--") {
		if u, err := idna.Display.ToUnicode(domain); err == nil {
			domain = u
		}
	}
	return desk.Address{Name: cleanName(name), Addr: local + "@" + domain}, true
}

// lastWord parts an address from words before it that have no brackets to tell
// them apart.
func lastWord(addr string) (words, last string, ok bool) {
	fields := strings.Fields(addr)
	if n := len(fields); n > 1 && strings.Count(addr, "@") == 1 {
		last = fields[n-1]
		if at := strings.IndexByte(last, '@'); at > 0 && at < len(last)-1 {
			return strings.Join(fields[:n-1], " "), last, true
		}
	}
	return "", "", false
}

// cutAddr parts an address at its @. A local part keeps its quotes only where
// it can't be written without them (RFC 5321 4.1.2).
func cutAddr(addr string) (local, domain string, ok bool) {
	addr = strings.TrimSpace(addr)
	const mailto = "mailto:"
	if len(addr) > len(mailto) && strings.EqualFold(addr[:len(mailto)], mailto) {
		addr = addr[len(mailto):]
	}
	raw, domain, ok := cutLast(addr, "@")
	if !ok {
		return "", "", false
	}
	domain = cleanAddr(domain)
	if local = cleanAddr(raw); strings.HasPrefix(raw, `"`) {
		inner := strings.TrimSpace(cleanName(raw))
		if local = cleanAddr(inner); local != inner {
			local = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(inner) + `"`
		}
	}
	return local, domain, local != "" && local != `""` && domain != ""
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

// cleanName reads a display name: words, quoted strings and encoded words in any
// order (RFC 5322 3.2.5), and encoded words inside quotes, where they have no
// business and often are.
func cleanName(s string) string {
	if strings.ContainsAny(s, `"\\`) {
		s = unquote(s)
	}
	s = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, DecodeWords(s))
	return strings.Trim(strings.Join(strings.Fields(s), " "), `'" `)
}

func unquote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] != '"':
			b.WriteByte(s[i])
		}
	}
	return b.String()
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
