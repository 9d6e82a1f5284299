package mailtext

import "strings"

// enrichedText makes plain text of text/enriched (RFC 1896) and of its ancestor
// text/richtext (RFC 1341 7.1.3): commands go, << is a <, one line break is a
// space and more are one less.
func enrichedText(s string) string {
	var out strings.Builder
	breaks, hidden := 0, 0
	for len(s) > 0 {
		switch {
		case strings.HasPrefix(s, "<<"):
			s = s[2:]
			enrich(&out, "<", &breaks, hidden)
		case s[0] == '<':
			name, after, ok := strings.Cut(s[1:], ">")
			if !ok || len(name) > 60 {
				enrich(&out, "<", &breaks, hidden)
				s = s[1:]
				continue
			}
			s = after
			switch name = strings.ToLower(name); name {
			case "param", "comment":
				hidden++
			case "/param", "/comment":
				hidden = max(hidden-1, 0)
			case "lt":
				enrich(&out, "<", &breaks, hidden)
			case "nl", "np", "/paragraph", "paragraph":
				enrich(&out, "\n", &breaks, hidden)
			}
		case s[0] == '\n':
			breaks++
			s = s[1:]
		default:
			n := strings.IndexAny(s, "<\n")
			if n < 0 {
				n = len(s)
			}
			enrich(&out, s[:n], &breaks, hidden)
			s = s[n:]
		}
	}
	return strings.TrimSpace(out.String())
}

// enrich writes the breaks that are due, then text.
func enrich(out *strings.Builder, text string, breaks *int, hidden int) {
	if hidden > 0 {
		return
	}
	switch {
	case *breaks == 1:
		out.WriteByte(' ')
	case *breaks > 1:
		out.WriteString(strings.Repeat("\n", min(*breaks-1, 4)))
	}
	*breaks = 0
	out.WriteString(text)
}
