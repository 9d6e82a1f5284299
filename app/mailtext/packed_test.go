package mailtext

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

type tnefFile struct {
	name, kind string
	data       []byte
}

// packTNEF writes what Outlook writes (MS-OXTNEF).
func packTNEF(text string, files ...tnefFile) []byte {
	out := binary.LittleEndian.AppendUint32(nil, tnefSignature)
	out = append(out, 1, 0)
	attribute := func(level byte, id, kind uint16, data []byte) {
		out = append(out, level)
		out = binary.LittleEndian.AppendUint16(out, id)
		out = binary.LittleEndian.AppendUint16(out, kind)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
		out = append(out, data...)
		var sum uint16
		for _, b := range data {
			sum += uint16(b)
		}
		out = binary.LittleEndian.AppendUint16(out, sum)
	}
	attribute(1, attCodepage, 6, binary.LittleEndian.AppendUint64(nil, 1252))
	attribute(1, attMessageProps, 6, propertyList(propBody, mapiUnicode, wide(text)))
	for _, f := range files {
		attribute(2, attRender, 6, make([]byte, 14))
		attribute(2, attFileTitle, 1, []byte("SHORT~1.TXT\x00"))
		attribute(2, attFileData, 6, f.data)
		attribute(2, attFileProps, 6, propertyList(propFileLong, mapiUnicode, wide(f.name), propFileType, mapiUnicode, wide(f.kind)))
	}
	return out
}

func wide(s string) []byte {
	var out []byte
	for _, u := range append(utf16.Encode([]rune(s)), 0) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// propertyList writes a list of id, type and value.
func propertyList(list ...any) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(list)/3))
	for i := 0; i < len(list); i += 3 {
		value := list[i+2].([]byte)
		out = binary.LittleEndian.AppendUint16(out, uint16(list[i+1].(int)))
		out = binary.LittleEndian.AppendUint16(out, uint16(list[i].(int)))
		out = binary.LittleEndian.AppendUint32(out, 1)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(value)))
		out = append(out, value...)
		out = append(out, make([]byte, (4-len(value)%4)%4)...)
	}
	return out
}

func winmail(text string, packed []byte) []byte {
	return []byte(plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n" + text +
		"\r\n--x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(packed) + "\r\n--x--\r\n")
}

func TestWinmailIsUnpacked(t *testing.T) {
	packed := packTNEF("Grüße aus Köln", tnefFile{"Größe 退款.txt", "text/plain", []byte("x")}, tnefFile{"a.pdf", "", []byte("PDF")})
	m := Read(winmail("", packed))
	want := []File{
		{Name: "Größe 退款.txt", Type: "text/plain", Size: 1},
		{Name: "a.pdf", Type: "application/pdf", Size: 3},
	}
	if m.Text != "Grüße aus Köln" || !slices.Equal(m.Files, want) || len(m.Body.Warnings) > 0 {
		t.Errorf("text %q, files %+v, warnings %q", m.Text, m.Files, m.Body.Warnings)
	}
	if m := Read(winmail("Said already.", packed)); m.Text != "Said already." {
		t.Errorf("text %q", m.Text)
	}
	m = Read(winmail("Torn.", packed[:len(packed)-40]))
	if len(m.Files) != 3 || m.Files[0].Name != "winmail.dat" || !slices.Contains(m.Body.Warnings, WarnBroken) {
		t.Errorf("a torn one: files %+v, warnings %q", m.Files, m.Body.Warnings)
	}
	m = Read(winmail("None.", []byte("no such thing")))
	if len(m.Files) != 1 || m.Files[0].Name != "winmail.dat" {
		t.Errorf("none: files %+v", m.Files)
	}
}

func TestUnpack(t *testing.T) {
	packed := packTNEF("text", tnefFile{"a.txt", "text/plain", []byte("x")})
	got := Unpack("WINMAIL.DAT", "application/octet-stream", packed)
	if len(got) != 2 || got[0].Name != "a.txt" || string(got[0].Data) != "x" || got[1].Name != "text.txt" || string(got[1].Data) != "text" {
		t.Errorf("winmail.dat: %+v", got)
	}
	raw, err := os.ReadFile("testdata/mails/signature-around.eml")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	got = Unpack("smime.p7m", "application/pkcs7-mime", decodeBase64(body))
	if len(got) != 1 || !bytes.HasPrefix(got[0].Data, []byte("Content-Type: multipart/mixed")) {
		t.Errorf("smime.p7m: %+v", got)
	}
	for _, name := range []string{"a.pdf", "winmail.dat", "smime.p7m"} {
		if got := Unpack(name, "application/pkcs7-mime", []byte("no such thing")); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The example of MS-OXRTFCP 4.1.1, and one in which a reference runs over what
// it writes (4.1.2).
func TestRTFIsUnpacked(t *testing.T) {
	for _, c := range []struct {
		packed []byte
		want   string
	}{
		{[]byte("\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63\x70\x67\x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0"), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"},
		{[]byte("\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0"), "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"},
		{[]byte("short"), ""},
	} {
		if got := unpackRTF(c.packed); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestRTFText(t *testing.T) {
	for in, want := range map[string]string{
		`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\pard Gr\'f6\'dfe\par two\line three}`:                             "Größe\ntwo\nthree",
		`{\rtf1\ansi\ansicpg1251 \'e4\'e0}`:                                                                              "да",
		`{\rtf1\ansi\uc1 \u1076?\u1072?}`:                                                                                "да",
		`{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello{\*\htmltag84 &nbsp;}\htmlrtf \par}\htmlrtf0 }`: "Hello",
		`{\rtf1 a\{b\}\\c\~d\tab e}`:                                                                                     "a{b}\\c d\te",
		`}}{{\`:                                                                                                          "",
	} {
		if got := rtfText(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestCalendarTimes(t *testing.T) {
	for _, c := range []struct{ lines, want string }{
		{"DTSTART:20261125T140000Z\nDTEND:20261125T150000Z", "2026-11-25 14:00–15:00 (UTC)"},
		{"DTSTART:20261125T140000\nDURATION:PT90M", "2026-11-25 14:00–15:30"},
		{"DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261125T230000\nDTEND;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261126T010000", "2026-11-25 23:00 – 2026-11-26 01:00 (Europe/Berlin)"},
		{"DTSTART;TZID=Asia/Tokyo:20261125T140000\nDTEND;TZID=America/New_York:20261125T010000", "2026-11-25 14:00 (Asia/Tokyo) – 2026-11-25 01:00 (America/New_York)"},
		{"DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261202", "2026-12-01"},
		{"DTSTART;VALUE=DATE:20261201", "2026-12-01"},
		{"DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261204", "2026-12-01 – 2026-12-03"},
		{"DTSTART:tomorrow", ""},
	} {
		events := readCalendar("BEGIN:VEVENT\n" + c.lines + "\nEND:VEVENT\n")
		if len(events) != 1 || events[0].when() != c.want {
			t.Errorf("%q: %+v, want %q", c.lines, events, c.want)
		}
	}
	// Who answers an invitation says so.
	got := readCalendar("METHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:x\nATTENDEE;CN=Jo;PARTSTAT=ACCEPTED:mailto:jo@b.example\nEND:VEVENT\n")
	if len(got) != 1 || got[0].lines(false) != "x\nJo <jo@b.example>: ACCEPTED" {
		t.Errorf("a reply: %+v", got)
	}
}

// What is read piece by piece is what is read at once, however the pieces fall.
func TestDecodedReadsPieces(t *testing.T) {
	for encoding, data := range map[string]string{
		"base64":           "aGVsbG8g\r\nd29y*bGQ=\r\n-- footer",
		"quoted-printable": "a=C3=B6 b \t\r\nsoft=\r\n ly=3D=zz=\r\nend= \r\n=4",
		"x-uuencode":       "begin 644 a\n#0V%T\n`\nend\n",
		"7bit":             "as it is\r\n",
	} {
		want := decodeTransfer([]byte(data), encoding)
		for _, r := range []io.Reader{strings.NewReader(data), iotest.OneByteReader(strings.NewReader(data)), iotest.HalfReader(strings.NewReader(data))} {
			got, err := io.ReadAll(Decoded(encoding, r))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %q (%v), want %q", encoding, got, err, want)
			}
		}
	}
	if _, err := io.ReadAll(Decoded("base64", iotest.ErrReader(io.ErrUnexpectedEOF))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the reader's error became %v", err)
	}
}
