package mailtext

import "strings"

// Bounds of one field: of its parameters, and of what is looked at.
const (
	maxParams = 200
	maxMedia  = 32 << 10
)

// readMedia reads a Content-Type or Content-Disposition (RFC 2045 5.1, RFC 2183)
// as far as it can be understood: the value in lower case without comments, and
// its parameters with keys in lower case. Missing semicolons and quotes, spaces
// in unquoted values and quotes inside quotes are what programs really write.
func readMedia(v string) (kind string, params map[string]string) {
	v = v[:min(len(v), maxMedia)]
	head := v[:endOfKind(v)]
	rest := v[len(head):]
	head, _ = dropComments(head)
	kind = strings.ToLower(strings.Join(strings.Fields(strings.Trim(head, " \t\"',")), ""))
	params = map[string]string{}
	for len(params) < maxParams {
		rest = strings.TrimLeft(rest, "; \t\r\n,")
		if rest == "" {
			return kind, params
		}
		key, value, after := cutParam(rest)
		if _, known := params[key]; key != "" && value != "" && !known {
			params[key] = value
		}
		rest = after
	}
	return kind, params
}

// endOfKind finds the semicolon after the value, or a parameter that follows
// without one.
func endOfKind(v string) int {
	depth := 0
	for i := range len(v) {
		switch c := v[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == ';':
			return i
		case (isBlank(c) || c == ',') && startsParam(strings.TrimLeft(v[i:], " \t\r\n,")):
			return i
		}
	}
	return len(v)
}

// startsParam tells that key= stands at the start of s.
func startsParam(s string) bool {
	const longest = 60
	for i := range min(len(s), longest) {
		switch c := s[i]; {
		case c == '=':
			return i > 0
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '*':
		default:
			return false
		}
	}
	return false
}

// cutParam reads key=value at the start of s; "" as key where there is none.
func cutParam(s string) (key, value, rest string) {
	eq := strings.IndexAny(s, "=;")
	if eq < 0 {
		return "", "", ""
	}
	if s[eq] == ';' {
		return "", "", s[eq:]
	}
	key, _ = dropComments(s[:eq])
	key = strings.ToLower(strings.Join(strings.Fields(key), ""))
	s = strings.TrimLeft(s[eq+1:], " \t\r\n")
	if strings.HasPrefix(s, `"`) {
		value, rest = cutQuoted(s[1:])
		return key, value, rest
	}
	end := len(s)
	for i := range len(s) {
		if s[i] == ';' || isBlank(s[i]) && startsParam(strings.TrimLeft(s[i:], " \t\r\n")) {
			end = i
			break
		}
	}
	value = strings.TrimSpace(s[:end])
	if !strings.HasSuffix(key, "name") { // report (1).pdf
		value, _ = dropComments(value)
		value = strings.TrimSpace(value)
	}
	return key, value, s[end:]
}

// cutQuoted reads a quoted string whose first quote is gone. A backslash counts
// only before a quote or another: Windows paths are full of them. A quote that
// nothing sensible follows belongs to the value.
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\' || s[i+1] == '\''):
			i++
			b.WriteByte(s[i])
		case s[i] != '"':
			b.WriteByte(s[i])
		case endsQuoted(s[i+1:]):
			return b.String(), s[i+1:]
		default:
			b.WriteByte('"')
		}
	}
	if cut := strings.IndexByte(s, ';'); cut >= 0 { // never closed
		return strings.TrimSpace(s[:cut]), s[cut:]
	}
	return b.String(), ""
}

func endsQuoted(after string) bool {
	trimmed := strings.TrimLeft(after, " \t\r\n")
	return trimmed == "" || trimmed[0] == ';' || trimmed[0] == ',' || trimmed[0] == '(' ||
		startsParam(trimmed) || !strings.Contains(upToSemicolon(trimmed), `"`)
}

func upToSemicolon(s string) string {
	before, _, _ := strings.Cut(s, ";")
	return before
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
