package mail

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// status reads "OK [CODE args] text" (RFC 9051 7.1). The text of an Error keeps
// the code's arguments: that is where the server says what to do.
func status(line string) (st imap.StatusResponse) {
	typ, text, _ := strings.Cut(line, " ")
	st.Type, st.Text = imap.StatusResponseType(strings.ToUpper(typ)), text
	if !strings.HasPrefix(text, "[") {
		return st
	}
	code, rest, ok := strings.Cut(text[1:], "]")
	if !ok {
		return st
	}
	name, args, _ := strings.Cut(code, " ")
	st.Code, st.Text = imap.ResponseCode(strings.ToUpper(name)), strings.TrimSpace(rest)
	if args != "" {
		st.Text = args + " " + st.Text
	}
	return st
}

// hear takes what a status response says of capabilities, and to people.
func (o *opening) hear(st imap.StatusResponse) {
	if st.Code == "CAPABILITY" {
		o.take(st.Text)
	}
	o.tell(st)
}

func (o *opening) tell(st imap.StatusResponse) {
	if st.Code == imap.ResponseCodeAlert && o.alert != nil {
		o.alert(st.Text)
	}
}

// take reads a list of capabilities; words that follow it do no harm.
func (o *opening) take(list string) {
	o.caps = map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		o.caps[strings.ToUpper(name)] = true
	}
	if o.caps["IMAP4REV1"] {
		delete(o.caps, "IMAP4REV2") // see sift
	}
}

// skipLiterals reads over the literals of an untagged response, and what stands
// between them: nothing that matters before somebody is signed in has any.
func (o *opening) skipLiterals(line string) error {
	for range mostLines {
		m := literalEnd.FindStringSubmatch(line)
		if m == nil {
			return nil
		}
		n, err := strconv.Atoi(m[1])
		if err != nil || n > longestLine {
			return errNotMail
		}
		if _, err := o.r.Discard(n); err != nil {
			return err
		}
		if line, err = o.readLine(); err != nil {
			return err
		}
	}
	return errNotMail
}

var literalEnd = regexp.MustCompile(`\{(\d+)\+?\}$`)
