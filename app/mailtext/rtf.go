package mailtext

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// maxRTF bounds what a compressed text may grow to.
const maxRTF = 4 << 20

// rtfBeginning is what the compression takes for said (MS-OXRTFCP 2.1.2.1).
const rtfBeginning = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// unpackRTF undoes the compression of MS-OXRTFCP, as far as it can be read.
func unpackRTF(data []byte) string {
	const (
		header     = 16
		compressed = 0x75465a4c
		plain      = 0x414c454d
	)
	if len(data) < header {
		return ""
	}
	kind := binary.LittleEndian.Uint32(data[8:])
	data = data[header:]
	switch kind {
	case plain:
		return string(data[:min(len(data), maxRTF)])
	case compressed:
		return inflateRTF(data)
	}
	return ""
}

func inflateRTF(data []byte) string {
	var dict [4096]byte
	at := copy(dict[:], rtfBeginning)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		dict[at] = c
		at = (at + 1) % len(dict)
	}
	for len(data) > 0 && len(out) < maxRTF {
		control := data[0]
		data = data[1:]
		for bit := 0; bit < 8 && len(data) > 0; bit++ {
			if control>>bit&1 == 0 {
				put(data[0])
				data = data[1:]
				continue
			}
			if len(data) < 2 {
				return string(out)
			}
			ref := int(data[0])<<8 | int(data[1])
			data = data[2:]
			from, n := ref>>4, ref&15+2
			if from == at {
				return string(out)
			}
			for range n {
				put(dict[from])
				from = (from + 1) % len(dict)
			}
		}
	}
	return string(out)
}

// rtfText makes plain text of RTF. HTML that was put into RTF (MS-OXRTFEX) comes
// out as the text which RTF shows in its place.
func rtfText(s string) string {
	r := rtfReader{s: s, codepage: "windows-1252"}
	for r.pos < len(s) {
		r.step()
	}
	r.flush()
	return strings.TrimSpace(r.out.String())
}

type rtfReader struct {
	s        string
	pos      int
	out      strings.Builder
	bytes    []byte // of the code page, not decoded yet
	codepage string
	stack    []rtfGroup
	now      rtfGroup
	skip     int // characters that stand for the one just given
}

type rtfGroup struct {
	hidden bool
	after  int // how many characters follow \u for programs that can't read it
	set    bool
}

func (r *rtfReader) step() {
	c := r.s[r.pos]
	r.pos++
	switch c {
	case '{':
		const deepest = 1000
		if len(r.stack) < deepest {
			r.stack = append(r.stack, r.now)
		}
	case '}':
		if n := len(r.stack); n > 0 {
			r.now, r.stack = r.stack[n-1], r.stack[:n-1]
		}
	case '\\':
		r.control()
	case '\r', '\n':
	default:
		r.char(c)
	}
}

func (r *rtfReader) char(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	if !r.now.hidden {
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) flush() {
	text, _ := decode(r.bytes, r.codepage)
	r.out.WriteString(text)
	r.bytes = r.bytes[:0]
}

func (r *rtfReader) say(s string) {
	if !r.now.hidden {
		r.flush()
		r.out.WriteString(s)
	}
}

// rtfHidden are the groups that hold no text to read.
var rtfHidden = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true,
	"header": true, "footer": true, "listtable": true, "htmltag": true,
}

func (r *rtfReader) control() {
	if r.pos >= len(r.s) {
		return
	}
	c := r.s[r.pos]
	if c < 'a' || c > 'z' {
		r.pos++
		r.symbol(c)
		return
	}
	start := r.pos
	for r.pos < len(r.s) && r.s[r.pos] >= 'a' && r.s[r.pos] <= 'z' {
		r.pos++
	}
	word := r.s[start:r.pos]
	start = r.pos
	for r.pos < len(r.s) && (r.s[r.pos] >= '0' && r.s[r.pos] <= '9' || r.s[r.pos] == '-' && r.pos == start) {
		r.pos++
	}
	n, err := strconv.Atoi(r.s[start:r.pos])
	if r.pos < len(r.s) && r.s[r.pos] == ' ' {
		r.pos++
	}
	r.word(word, n, err == nil)
}

func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\'':
		if r.pos+1 < len(r.s) && isHex(r.s[r.pos]) && isHex(r.s[r.pos+1]) {
			c := unhex(r.s[r.pos])<<4 | unhex(r.s[r.pos+1])
			r.pos += 2
			r.char(c)
		}
	case '*':
		r.now.hidden = true
	case '~':
		r.char(' ')
	case '\\', '{', '}':
		r.char(c)
	case '\n', '\r':
		r.say("\n")
	}
}

func (r *rtfReader) word(word string, n int, numbered bool) {
	switch word {
	case "par", "line", "row", "sect", "page":
		r.say("\n")
	case "tab", "cell":
		r.say("\t")
	case "ansicpg":
		r.codepage = codepage(n)
	case "uc":
		r.now.after, r.now.set = max(n, 0), true
	case "u":
		if numbered {
			r.say(string(rune(uint16(n))))
			if r.skip = r.now.after; !r.now.set {
				r.skip = 1
			}
		}
	case "lquote", "rquote":
		r.say("’")
	case "ldblquote":
		r.say("“")
	case "rdblquote":
		r.say("”")
	case "bullet":
		r.say("•")
	case "endash":
		r.say("–")
	case "emdash":
		r.say("—")
	}
	if rtfHidden[word] {
		r.now.hidden = true
	}
}

// codepage names one of Windows' numbered charsets.
func codepage(n int) string {
	switch n {
	case 65001:
		return "utf-8"
	case 28591:
		return "iso-8859-1"
	case 20127, 0:
		return "windows-1252"
	case 50220, 50221, 50222:
		return "iso-2022-jp"
	case 20866:
		return "koi8-r"
	case 21866:
		return "koi8-u"
	case 51932:
		return "euc-jp"
	case 51949:
		return "euc-kr"
	}
	if n > 28591 && n <= 28605 {
		return "iso-8859-" + strconv.Itoa(n-28590)
	}
	return "cp" + strconv.Itoa(n)
}
