package mailtext

import "strings"

// maxIDs bounds References: the root and the newest are what threading needs.
const maxIDs = 100

// IDs reads message ids without <> (RFC 5322 3.6.4). Ids that somebody wrote
// without brackets are taken word by word.
func (h Header) IDs(name string) []string {
	var out []string
	for _, raw := range h.all(name) {
		if out = readIDs(raw); len(out) > 0 {
			break
		}
	}
	if len(out) > maxIDs {
		out = append(out[:1:1], out[len(out)-maxIDs+1:]...)
	}
	return out
}

func readIDs(raw string) []string {
	var out []string
	for rest := raw; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		id, next, ok := strings.Cut(after, ">")
		if !ok {
			break
		}
		if id = cleanID(id); id != "" {
			out = append(out, id)
		}
		rest = next
	}
	if len(out) > 0 {
		return out
	}
	words := strings.FieldsFunc(raw, func(r rune) bool { return r <= ' ' || r == ',' })
	for _, w := range words {
		if id := cleanID(w); strings.Contains(id, "@") || id != "" && len(words) == 1 {
			out = append(out, id)
		}
	}
	return out
}

// cleanID drops the white space that folding puts into long ids.
func cleanID(id string) string {
	id = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == '<' || r == '>' {
			return -1
		}
		return r
	}, guess(id))
	if len(id) > 998 {
		return ""
	}
	return id
}
