package mailtext

import (
	"bytes"
	"strings"
)

// uuFile is a file written into the text, as mail did before MIME.
type uuFile struct {
	name string
	data []byte
}

// cutUU takes the first uuencoded file (POSIX uuencode) out of text. Without a
// last line the file ends where its lines do. A "begin" that no encoded line
// follows is a word in a sentence.
func cutUU(text []byte) (f uuFile, rest []byte, ok bool) {
	for from := 0; ; {
		at, name, pos := findUU(text, from)
		if at < 0 {
			return uuFile{}, text, false
		}
		f = uuFile{name: name}
		lines, ended := 0, false
		for pos < len(text) {
			line, next := cutLine(text, pos)
			if lines > 0 && string(bytes.TrimSpace(line)) == "end" {
				pos, ended = next, true
				break
			}
			data, good := uuLine(line)
			if !good || lines == 0 && len(data) < fullUU && !endsSoon(text, next) {
				break
			}
			f.data, pos, lines = append(f.data, data...), next, lines+1
		}
		if ended || lines > 1 {
			return f, append(text[:at:at], text[pos:]...), true
		}
		from = pos
	}
}

// fullUU is what a line holds that isn't the last.
const fullUU = 45

// endsSoon tells that a short first line may be the only one.
func endsSoon(text []byte, pos int) bool {
	for range 2 {
		line, next := cutLine(text, pos)
		if string(bytes.TrimSpace(line)) == "end" {
			return true
		}
		pos = next
	}
	return false
}

// findUU finds a line "begin 644 name" and what follows it.
func findUU(text []byte, from int) (at int, name string, body int) {
	for {
		n := bytes.Index(text[from:], []byte("begin "))
		if n < 0 {
			return -1, "", 0
		}
		at = from + n
		from = at + len("begin ")
		if at > 0 && text[at-1] != '\n' {
			continue
		}
		line, next := cutLine(text, at)
		mode, file, ok := strings.Cut(string(line[len("begin "):]), " ")
		if ok && (len(mode) == 3 || len(mode) == 4) && strings.Trim(mode, "01234567") == "" && strings.TrimSpace(file) != "" {
			return at, oneLine(guess(file)), next
		}
	}
}

// uuLine decodes one line: its length, then four characters for three bytes.
// Trailing spaces may have been lost on the way.
func uuLine(line []byte) ([]byte, bool) {
	line = bytes.TrimRight(line, " ")
	if len(line) == 0 {
		return nil, false
	}
	for _, c := range line {
		if c < ' ' || c > '`' {
			return nil, false
		}
	}
	size := int(line[0]-' ') & 63
	need := (size + 2) / 3 * 4
	if len(line)-1 > need+2 {
		return nil, false
	}
	in := append(append([]byte{}, line[1:]...), bytes.Repeat([]byte(" "), max(need-len(line)+1, 0))...)
	var out []byte
	for i := 0; i+3 < len(in) && len(out) < size; i += 4 {
		var v uint32
		for _, c := range in[i : i+4] {
			v = v<<6 | uint32(c-' ')&63
		}
		out = append(out, byte(v>>16), byte(v>>8), byte(v))
	}
	return out[:min(len(out), size)], true
}
