package mailtext

import (
	"regexp"
	"strconv"
	"strings"
)

// FileName finds a part's file name among its Content-Disposition and
// Content-Type parameters, keys in lower case: RFC 2231's form with charset and
// continuations first, then the plain one, which many programs fill with RFC
// 2047 words although it is forbidden.
func FileName(disposition, contentType map[string]string) string {
	for _, from := range []struct {
		params map[string]string
		key    string
	}{{disposition, "filename"}, {disposition, "name"}, {contentType, "name"}, {contentType, "filename"}, {contentType, "file"}} {
		if v := param(from.params, from.key); v != "" {
			return v
		}
	}
	return ""
}

// param gives a parameter, readable.
func param(params map[string]string, key string) string {
	if !mentions(params, key) {
		return ""
	}
	if v, ok := params[key+"*"]; ok {
		if text := oneLine(extended(v)); text != "" {
			return text
		}
	}
	if v := continued(params, key); v != "" {
		return oneLine(v)
	}
	v := params[key]
	if extendedForm.MatchString(v) { // RFC 2231's value under the plain key
		return oneLine(extended(v))
	}
	return oneLine(DecodeWords(v))
}

// mentions tells that a parameter begins with key: most parts have no name, and
// each is asked for it several times.
func mentions(params map[string]string, key string) bool {
	for k := range params {
		if strings.HasPrefix(k, key) {
			return true
		}
	}
	return false
}

var extendedForm = regexp.MustCompile(`^[A-Za-z0-9_-]{3,20}'[A-Za-z-]{0,10}'.*%[0-9A-Fa-f]{2}`)

var languageForm = regexp.MustCompile(`^[A-Za-z-]{0,10}'`)

// oneLine drops the breaks and controls that have no place in a name.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, s))
}

// extended reads charset'language'percent-encoded (RFC 2231 4).
func extended(v string) string {
	charset, rest := cutCharset(v)
	text, _ := decode(unpercent(rest), charset)
	if strings.Contains(text, "=?") {
		text = DecodeWords(text)
	}
	return text
}

func cutCharset(v string) (charset, rest string) {
	charset, rest, ok := strings.Cut(v, "'")
	if !ok || len(charset) > 40 {
		return "", v
	}
	if _, text, ok := strings.Cut(rest, "'"); ok {
		return charset, text
	}
	return charset, rest
}

// continued joins key*0, key*1* and so on (RFC 2231 3). Some programs begin to
// count at 1, and some put RFC 2047 words into the pieces.
func continued(params map[string]string, key string) string {
	var data []byte
	charset, coded := "", false
	for i := range maxParams {
		n := key + "*" + strconv.Itoa(i)
		if v, ok := params[n+"*"]; ok {
			if data == nil {
				charset, v = cutCharset(v)
			} else if charset != "" { // some programs name it again in each piece
				if rest, again := strings.CutPrefix(v, charset+"'"); again {
					v = languageForm.ReplaceAllString(rest, "")
				}
			}
			data, coded = append(data, unpercent(v)...), true
			continue
		}
		v, ok := params[n]
		switch {
		case ok:
			data = append(data, v...)
		case i > 0:
			i = maxParams
		}
		if i == maxParams {
			break
		}
	}
	if coded {
		text, _ := decode(data, charset)
		return text
	}
	return DecodeWords(string(data))
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
