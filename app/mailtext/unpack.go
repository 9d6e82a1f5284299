package mailtext

import "strings"

// Unpacked is a file that lay inside another.
type Unpacked struct {
	File
	Data []byte
}

func (u *Unpacked) hold(data []byte) { u.Data, u.Size = data, int64(len(data)) }

// Unpack takes out what lies in a file that few programs open: the files and the
// text in Outlook's winmail.dat, the mail inside an S/MIME signature, which
// nobody checks. nil for every other file, and for one that can't be read.
func Unpack(name, mediaType string, data []byte) []Unpacked {
	p := &Piece{Type: strings.ToLower(mediaType), Params: map[string]string{"name": name}}
	switch {
	case isTNEF(p):
		return unpackTNEF(data)
	case isSMIME(p):
		if inner, signed := insideSignature(data); signed && len(inner) > 0 {
			u := Unpacked{File: File{Name: "smime.eml", Type: "message/rfc822"}}
			u.hold(inner)
			return []Unpacked{u}
		}
	}
	return nil
}

func unpackTNEF(data []byte) []Unpacked {
	t, ok := readTNEF(data)
	if !ok {
		return nil
	}
	out := t.files
	for _, text := range []struct{ name, kind, said string }{
		{"text.txt", "text/plain", t.text}, {"text.html", "text/html", t.html}, {"text.rtf", "application/rtf", t.rtf},
	} {
		if strings.TrimSpace(text.said) != "" {
			u := Unpacked{File: File{Name: text.name, Type: text.kind}}
			u.hold([]byte(text.said))
			out = append(out, u)
		}
	}
	return out
}

// Packed tells a file that Unpack may open.
func Packed(name, mediaType string) bool {
	p := &Piece{Type: strings.ToLower(mediaType), Params: map[string]string{"name": name}}
	return isTNEF(p) || isSMIME(p)
}

// TakeFiles takes the files out that stand in a text (POSIX uuencode), as mail
// had them before MIME.
func TakeFiles(text string) (rest string, files []Unpacked) {
	if !strings.Contains(text, "begin ") {
		return text, nil
	}
	const most = 50
	left := []byte(text)
	for range most {
		f, without, ok := cutUU(left)
		if !ok {
			break
		}
		u := Unpacked{File: File{Name: f.name, Type: typeByName(f.name)}}
		u.hold(f.data)
		files, left = append(files, u), without
	}
	return string(left), files
}
