package mailtext

import (
	"bytes"
	"encoding/base64"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// readUTF7 reads UTF-7 (RFC 2152): UTF-16 in base64 between + and -. false when
// the bytes are none.
func readUTF7(data []byte) ([]byte, bool) {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		plus := bytes.IndexByte(data, '+')
		if plus < 0 {
			return append(out, data...), isASCII(data)
		}
		if !isASCII(data[:plus]) {
			return out, false
		}
		out = append(out, data[:plus]...)
		data = data[plus+1:]
		n := 0
		for n < len(data) && sextets[data[n]] >= 0 {
			n++
		}
		switch {
		case n == 0 && len(data) > 0 && data[0] == '-':
			out, data = append(out, '+'), data[1:]
			continue
		case n == 0:
			out = append(out, '+') // not allowed, but what else could it mean
			continue
		}
		units, err := base64.RawStdEncoding.DecodeString(string(data[:n-b2i(n%4 == 1)]))
		if err != nil {
			return out, false
		}
		wide := make([]uint16, len(units)/2)
		for i := range wide {
			wide[i] = uint16(units[2*i])<<8 | uint16(units[2*i+1])
		}
		out = append(out, string(utf16.Decode(wide))...)
		data = data[n:]
		if len(data) > 0 && data[0] == '-' {
			data = data[1:]
		}
	}
	return out, true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// readISO2022KR reads RFC 1557: between SO and SI stands KS C 5601 in seven bits.
func readISO2022KR(data []byte) ([]byte, bool) {
	out, err := korean.EUCKR.NewDecoder().Bytes(shifted(data))
	return out, err == nil
}

// readISO2022CN reads the part of RFC 1922 that is GB 2312.
func readISO2022CN(data []byte) ([]byte, bool) {
	out, err := simplifiedchinese.GBK.NewDecoder().Bytes(shifted(data))
	return out, err == nil
}

// shifted sets the high bit between SO and SI and drops the designations ESC $ )
// and the like. A line's end shifts back (RFC 1922 2.1).
func shifted(data []byte) []byte {
	out := make([]byte, 0, len(data))
	high := byte(0)
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == 0x0e:
			high = 0x80
		case c == 0x0f:
			high = 0
		case c == 0x1b && i+3 < len(data) && data[i+1] == '$':
			i += 3
		case c == '\n':
			high = 0
			out = append(out, c)
		case c > ' ':
			out = append(out, c|high)
		default:
			out = append(out, c)
		}
	}
	return out
}
