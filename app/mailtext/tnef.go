package mailtext

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// tnef is what Outlook packed into winmail.dat (MS-OXTNEF). It is read here
// because the libraries for it give no HTML, no RTF or no names outside Latin,
// and some panic on a file that is cut.
type tnef struct {
	text, html, rtf string
	files           []Unpacked
	whole           bool // it could be read to its end
}

const tnefSignature = 0x223e9f78

// The attributes that are read (MS-OXTNEF 2.1.3.1), without their type.
const (
	attBody          = 0x800c
	attMessageProps  = 0x9003
	attRender        = 0x9002 // begins an attachment
	attFileData      = 0x800f
	attFileTitle     = 0x8010
	attFileProps     = 0x9005
	attCodepage      = 0x9007
	attLevelFile     = 2
	attHeader        = 9 // level, attribute, length
	tnefHeader       = 6
	maxTNEFFiles     = 1000
	maxTNEFValues    = 5000
	maxTNEFString    = 4 << 20
	unnamedTNEFFirst = 0x8000 // from here on properties have names
)

// tnef reads it and tells whether its files stand for it from now on.
func (r *reader) tnef(p Part) (unpacked bool) {
	if p.Cut || len(p.Data) > maxSpecial {
		r.warn(WarnCut)
		return false
	}
	t, ok := readTNEF(decodeTransfer(p.Data, p.Encoding))
	if !ok {
		return false
	}
	if !t.whole {
		r.warn(WarnBroken)
	}
	for _, f := range t.files {
		r.files = append(r.files, f.File)
	}
	switch {
	case strings.TrimSpace(t.text) != "":
		r.within = append(r.within, t.text)
	case strings.TrimSpace(t.html) != "":
		r.within = append(r.within, markedText(t.html))
	case t.rtf != "":
		r.within = append(r.within, rtfText(t.rtf))
	}
	if t.html != "" && len(r.plain) == 0 && len(r.rich) == 0 {
		r.rich = append(r.rich, t.html)
	}
	return t.whole
}

// readTNEF reads as far as the file goes.
func readTNEF(data []byte) (*tnef, bool) {
	if len(data) < tnefHeader || binary.LittleEndian.Uint32(data) != tnefSignature {
		return nil, false
	}
	t := tnefReader{codepage: "windows-1252"}
	for data = data[tnefHeader:]; len(data) >= attHeader; {
		level, id := data[0], binary.LittleEndian.Uint16(data[1:])
		size := int64(binary.LittleEndian.Uint32(data[5:]))
		data = data[attHeader:]
		if level > attLevelFile {
			t.torn = true // what follows is no attribute
			break
		}
		if size > int64(len(data)) {
			t.attribute(level, id, data)
			data = nil
			t.torn = true
			break
		}
		t.attribute(level, id, data[:size])
		data = data[min(size+2, int64(len(data))):] // a checksum follows
	}
	t.endFile()
	t.whole = !t.torn && len(data) == 0
	return &t.tnef, true
}

type tnefReader struct {
	tnef
	codepage string
	file     *Unpacked
	torn     bool
}

func (t *tnefReader) attribute(level byte, id uint16, data []byte) {
	switch {
	case id == attCodepage && len(data) >= 4:
		t.codepage = codepage(int(binary.LittleEndian.Uint32(data)))
	case id == attRender:
		t.endFile()
		t.file = &Unpacked{}
	case level == attLevelFile && t.file != nil:
		t.ofFile(id, data)
	case level == attLevelFile:
	case id == attBody && t.text == "":
		t.text = t.narrow(data)
	case id == attMessageProps:
		t.torn = !eachProperty(data, t.messageProperty) || t.torn
	}
}

func (t *tnefReader) ofFile(id uint16, data []byte) {
	switch {
	case id == attFileTitle && t.file.Name == "":
		t.file.Name = t.narrow(data)
	case id == attFileData && t.file.Size == 0:
		t.file.hold(data)
	case id == attFileProps:
		t.torn = !eachProperty(data, t.fileProperty) || t.torn
	}
}

func (t *tnefReader) endFile() {
	if f := t.file; f != nil && len(t.files) < maxTNEFFiles {
		if f.Name = oneLine(f.Name); f.Type == "" {
			f.Type = typeByName(f.Name)
		}
		f.Inline = f.CID != ""
		t.files = append(t.files, *f)
	}
	t.file = nil
}

// The properties that are read (MS-OXPROPS).
const (
	propBody        = 0x1000
	propRTF         = 0x1009
	propHTML        = 0x1013
	propCodepage    = 0x3fde
	propFileLong    = 0x3707
	propFileShort   = 0x3704
	propFileDisplay = 0x3001
	propFileType    = 0x370e
	propFileID      = 0x3712
	propFileData    = 0x3701
)

func (t *tnefReader) messageProperty(p mapiProperty) {
	switch p.id {
	case propBody:
		t.text = t.said(p)
	case propHTML:
		if p.kind == mapiBinary {
			label := metaCharset(p.data)
			if label == "" {
				label = t.codepage
			}
			t.html, _ = decode(p.data, label)
		} else {
			t.html = t.said(p)
		}
	case propRTF:
		t.rtf = unpackRTF(p.data)
	case propCodepage:
		if len(p.data) >= 4 {
			t.codepage = codepage(int(binary.LittleEndian.Uint32(p.data)))
		}
	}
}

func (t *tnefReader) fileProperty(p mapiProperty) {
	f := t.file
	switch p.id {
	case propFileLong:
		if name := t.said(p); name != "" {
			f.Name = name
		}
	case propFileShort, propFileDisplay:
		if f.Name == "" {
			f.Name = t.said(p)
		}
	case propFileType:
		f.Type = MediaType(t.said(p))
	case propFileID:
		f.CID = strings.Trim(oneLine(t.said(p)), "<>")
	case propFileData:
		const interfaceID = 16 // stands before an object's bytes
		if f.hold(p.data); p.kind == mapiObject && len(p.data) >= interfaceID {
			f.hold(p.data[interfaceID:])
			if bytes.HasPrefix(p.data[interfaceID:], []byte{0x78, 0x9f, 0x3e, 0x22}) {
				f.Type = "application/ms-tnef" // a mail within the mail
			}
		}
	}
}

// narrow reads text of one byte or two a character, up to its zero.
func (t *tnefReader) narrow(data []byte) string {
	data, _, _ = bytes.Cut(data[:min(len(data), maxTNEFString)], []byte{0})
	text, _ := decode(data, t.codepage)
	return text
}

func (t *tnefReader) said(p mapiProperty) string {
	if p.kind != mapiUnicode {
		return t.narrow(p.data)
	}
	data := p.data[:min(len(p.data), maxTNEFString)]
	wide := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		c := binary.LittleEndian.Uint16(data[i:])
		if c == 0 {
			break
		}
		wide = append(wide, c)
	}
	return tidy(string(utf16.Decode(wide)))
}

// mapiProperty is one value of a property list (MS-OXTNEF 2.1.3.4).
type mapiProperty struct {
	id, kind uint16
	data     []byte
}

// Types of values (MS-OXCDATA 2.11.1).
const (
	mapiShort    = 0x0002
	mapiBool     = 0x000b
	mapiObject   = 0x000d
	mapiString   = 0x001e
	mapiUnicode  = 0x001f
	mapiGUID     = 0x0048
	mapiBinary   = 0x0102
	mapiMany     = 0x1000 // several values
	mapiVariable = -1
)

// mapiSizes are in bytes, as they lie in the list, in steps of four.
var mapiSizes = map[uint16]int{
	mapiShort: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000a: 4, mapiBool: 4,
	0x0014: 8, 0x0040: 8, mapiGUID: 16,
	mapiObject: mapiVariable, mapiString: mapiVariable, mapiUnicode: mapiVariable, mapiBinary: mapiVariable,
}

// eachProperty goes through a property list; false when it broke off.
func eachProperty(data []byte, yield func(mapiProperty)) bool {
	c := cutter{data: data}
	for n := min(c.long(), maxTNEFValues); n > 0 && !c.short; n-- {
		kind := uint16(c.word())
		id := uint16(c.word())
		if id >= unnamedTNEFFirst {
			c.skipName()
		}
		size, known := mapiSizes[kind&^mapiMany]
		if !known {
			return false
		}
		values := 1
		if kind&mapiMany != 0 || size == mapiVariable {
			values = c.long()
		}
		for v := 0; v < values && !c.short; v++ {
			length := size
			if size == mapiVariable {
				length = c.long()
			}
			value := c.take(length)
			c.take((4 - length%4) % 4)
			if v == 0 && !c.short {
				yield(mapiProperty{id, kind, value})
			}
		}
	}
	return !c.short
}

// cutter takes little-endian values off the front. Past the end it gives zeros
// and remembers it.
type cutter struct {
	data  []byte
	short bool
}

func (c *cutter) take(n int) []byte {
	if n < 0 || n > len(c.data) {
		c.short, c.data = true, nil
		return nil
	}
	out := c.data[:n]
	c.data = c.data[n:]
	return out
}

func (c *cutter) word() int {
	if b := c.take(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (c *cutter) long() int {
	if b := c.take(4); b != nil {
		return int(binary.LittleEndian.Uint32(b) & 0x7fffffff)
	}
	return 0
}

// skipName passes a named property's name (MS-OXTNEF 2.1.3.4).
func (c *cutter) skipName() {
	const byNumber = 0
	c.take(16)
	if c.long() == byNumber {
		c.long()
		return
	}
	n := c.long()
	c.take(n)
	c.take((4 - n%4) % 4)
}
