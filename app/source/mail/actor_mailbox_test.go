package mail_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func (a *actor) state(folder string) (out, end string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all, there := a.folders[folder]
	if !there {
		return "", "NO [NONEXISTENT] no such folder"
	}
	out = fmt.Sprintf("* %d EXISTS\r\n* 0 RECENT\r\n* FLAGS (%s)\r\n* OK [PERMANENTFLAGS (%s)] Permanent flags\r\n"+
		"* OK [UIDVALIDITY 14] UIDVALIDITY value\r\n* OK [UIDNEXT %d] The next unique identifier value\r\n",
		len(all), a.flags, strings.TrimSpace(a.flags+" "+a.permanent), a.next(folder))
	if a.modSeq {
		out += fmt.Sprintf("* OK [HIGHESTMODSEQ %d] Ok\r\n", a.tick)
	}
	return out + a.selected, "OK [READ-WRITE] selected"
}

// next is UIDNEXT: it never goes down.
func (a *actor) next(folder string) int { return a.nexts[folder] + 1 }

func (a *actor) status(folder string) (out, end string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all, there := a.folders[folder]
	if !there {
		return "", "NO [NONEXISTENT] no such folder"
	}
	out = fmt.Sprintf("* STATUS \"%s\" (MESSAGES %d UIDNEXT %d UIDVALIDITY 14", folder, len(all), a.next(folder))
	if a.modSeq {
		out += fmt.Sprintf(" HIGHESTMODSEQ %d", a.tick)
	}
	return out + ")\r\n", "OK done"
}

func (a *actor) append(rest string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	folder := unquoted(rest)
	if a.folders[folder] == nil {
		return "NO [TRYCREATE] no such folder"
	}
	_, raw, _ := strings.Cut(rest, "}\r\n")
	head, text, _ := strings.Cut(raw, "\r\n\r\n")
	a.add(folder, &letterOf{year: 2026, head: head + "\r\n\r\n", text: text})
	return fmt.Sprintf("OK [APPENDUID 14 %d] done", a.next(folder)-1)
}

func (a *actor) byUID(folder, rest string) (out, end string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	verb, rest, _ := strings.Cut(rest, " ")
	switch verb {
	case "SEARCH":
		return a.search(folder, rest), "OK SEARCH completed."
	case "STORE":
		set, what, _ := strings.Cut(rest, " ")
		for _, m := range a.folders[folder] {
			if inSet(set, m.uid, a.next(folder)-1) {
				a.store(m, what)
			}
		}
		return "", "OK done"
	}
	set, items, _ := strings.Cut(rest, " ")
	for i, m := range a.folders[folder] {
		if inSet(set, m.uid, a.next(folder)-1) {
			out += a.fetched(i+1, m, items)
		}
	}
	return out, "OK FETCH completed."
}

// store keeps those flags that the server keeps.
func (a *actor) store(m *letterOf, what string) {
	_, list, _ := strings.Cut(what, "(")
	list, _, _ = strings.Cut(list, ")")
	for flag := range strings.FieldsSeq(list) {
		m.flags = slices.DeleteFunc(m.flags, func(f string) bool { return f == flag })
		if strings.HasPrefix(what, "+") && (strings.Contains(a.permanent, `\*`) || strings.Contains(a.flags, flag)) {
			m.flags = append(m.flags, flag)
		}
	}
	a.tick++
	m.modSeq = a.tick
}

var (
	changedSince = regexp.MustCompile(`CHANGEDSINCE (\d+)`)
	headerWanted = regexp.MustCompile(`BODY\.PEEK\[(HEADER\.FIELDS [^\]]*)\]`)
)

func (a *actor) fetched(seq int, m *letterOf, items string) string {
	if since := changedSince.FindStringSubmatch(items); since != nil {
		if n, _ := strconv.ParseUint(since[1], 10, 64); m.modSeq <= n {
			return ""
		}
	}
	out := fmt.Sprintf("* %d FETCH (UID %d", seq, m.uid)
	structure := fmt.Sprintf(`("text" "plain" ("charset" "utf-8") NIL NIL "7bit" %d 1 NIL NIL NIL NIL)`, len(m.text))
	if m.uid == 2 && a.strange != "" {
		structure = a.strange
	}
	for item, value := range map[string]string{
		"FLAGS":         "FLAGS (" + strings.Join(m.flags, " ") + ")",
		"INTERNALDATE":  fmt.Sprintf(`INTERNALDATE "%02d-Oct-%d 10:00:00 +0000"`, m.uid, m.year),
		"RFC822.SIZE":   fmt.Sprintf("RFC822.SIZE %d", len(m.head)+len(m.text)),
		"BODYSTRUCTURE": "BODYSTRUCTURE " + structure,
		"X-GM-MSGID":    fmt.Sprintf("X-GM-MSGID %d", m.gmail),
	} {
		if strings.Contains(items, item) {
			out += " " + value
		}
	}
	if a.modSeq {
		out += fmt.Sprintf(" MODSEQ (%d)", m.modSeq)
	}
	section := func(name, text string) string {
		if a.quoted && len(text) < 100 && !strings.Contains(text, "\r\n") {
			return fmt.Sprintf(" BODY[%s] %q", name, text)
		}
		return fmt.Sprintf(" BODY[%s] {%d}\r\n%s", name, len(text), text)
	}
	switch want := headerWanted.FindStringSubmatch(items); {
	case want != nil:
		out += section(want[1], m.head)
	case strings.Contains(items, "BODY.PEEK[1]"), strings.Contains(items, "BODY.PEEK[1.1]"):
		_, part, _ := strings.Cut(items, "BODY.PEEK[")
		part, _, _ = strings.Cut(part, "]")
		out += section(part, m.text)
	case strings.Contains(items, "BODY.PEEK[]"):
		whole := m.head + m.text
		out += fmt.Sprintf(" BODY[]<0> {%d}\r\n%s", len(whole), whole)
	}
	return out + ")\r\n"
}

var dateForm = regexp.MustCompile(`^\d+-\w+-\d{4}$`)

var quotedString = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)

// search finds what holds every string of the command in its head or text: of
// HEADER OR, one of both. X-GM-RAW has its words in a string of its own.
func (a *actor) search(folder, cmd string) string {
	var words []string
	for _, m := range quotedString.FindAllStringSubmatch(cmd, -1) {
		s := strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(m[1])
		if strings.Contains(cmd, "X-GM-RAW") {
			for w := range strings.FieldsSeq(s) {
				words = append(words, strings.Trim(w, `"`))
			}
			continue
		}
		words = append(words, s)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "Message-ID" || w == "X-Fernpost-Op" || dateForm.MatchString(w) })
	set := "1:*"
	if _, rest, ok := strings.Cut(cmd, "UID "); ok {
		set, _, _ = strings.Cut(rest, " ")
	}
	out := "* SEARCH"
	for _, m := range a.folders[folder] {
		hits := 0
		for _, w := range words {
			if strings.Contains(m.head+m.text, w) {
				hits++
			}
		}
		enough := hits == len(words) || strings.Contains(cmd, "OR ") && hits > 0
		since, before := strings.Contains(cmd, "SINCE ") && m.year < 2026, strings.Contains(cmd, "BEFORE ") && m.year >= 2026
		if enough && !since && !before && inSet(set, m.uid, a.next(folder)-1) {
			out += fmt.Sprint(" ", m.uid)
		}
	}
	return out + "\r\n"
}

// inSet tells whether a sequence set holds a UID.
func inSet(set string, uid, last int) bool {
	for piece := range strings.SplitSeq(set, ",") {
		lo, hi, ranged := strings.Cut(strings.ReplaceAll(piece, "*", strconv.Itoa(last)), ":")
		from, _ := strconv.Atoi(lo)
		to := from
		if ranged {
			to, _ = strconv.Atoi(hi)
		}
		if min(from, to) <= uid && uid <= max(from, to) {
			return true
		}
	}
	return false
}
