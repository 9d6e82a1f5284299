package mailtext

import (
	"fmt"
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
	}{{disposition, "filename"}, {contentType, "name"}} {
		if v := param(from.params, from.key); v != "" {
			return v
		}
	}
	return ""
}

func param(params map[string]string, key string) string {
	if v, ok := params[key+"*"]; ok {
		return extended(v)
	}
	if v := continued(params, key); v != "" {
		return v
	}
	return strings.TrimSpace(DecodeWords(params[key]))
}

// extended reads charset'language'percent-encoded (RFC 2231 4).
func extended(v string) string {
	charset, rest, ok := strings.Cut(v, "'")
	if !ok {
		return guess(string(unpercent(v)))
	}
	if _, text, ok := strings.Cut(rest, "'"); ok {
		rest = text
	}
	text, _ := decode(unpercent(rest), charset)
	return text
}

// continued joins key*0, key*1* and so on (RFC 2231 3).
func continued(params map[string]string, key string) string {
	const most = 100
	var data []byte
	charset := ""
	for i := range most {
		if v, ok := params[fmt.Sprintf("%s*%d*", key, i)]; ok {
			if i == 0 {
				var rest string
				if charset, rest, ok = strings.Cut(v, "'"); ok {
					_, v, _ = strings.Cut(rest, "'")
				}
			}
			data = append(data, unpercent(v)...)
			continue
		}
		v, ok := params[fmt.Sprintf("%s*%d", key, i)]
		if !ok {
			break
		}
		data = append(data, v...)
	}
	text, _ := decode(data, charset)
	return text
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
