package practice

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"path"
	"strings"

	"fernpost/app/practice/content"
)

// noise gives the same bytes for the same name, always.
func noise(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 0x66696c65))
}

// makeFile draws or writes an attachment of about f.Size bytes: real PNG, JPEG,
// PDF and CSV, which other programs open.
func makeFile(f content.File) (mediaType string, data []byte) {
	switch strings.ToLower(path.Ext(f.Name)) {
	case ".png":
		return "image/png", picture(f, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	case ".jpg", ".jpeg":
		return "image/jpeg", picture(f, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	case ".pdf":
		return "application/pdf", pdf(f)
	case ".csv":
		return "text/csv", table(f)
	case ".txt":
		return "text/plain", []byte("Order and payment details as shown in the customer's account.\r\n")
	default:
		return "application/octet-stream", bytes.Repeat([]byte("Nothing runs here.\r\n"), max(1, f.Size/20))
	}
}

// picture looks a little like a photographed receipt: grey lines on paper, and
// grain, which makes it as large as it should be.
func picture(f content.File, encode func(*bytes.Buffer, image.Image) error) []byte {
	r := noise(f.Name)
	side := 40
	for side*side*2 < f.Size {
		side += 20
	}
	m := image.NewRGBA(image.Rect(0, 0, side*3/4, side))
	for y := range side {
		ink := y%12 > 7 && y > side/8
		width := m.Rect.Dx() * (40 + int(noise(fmt.Sprint(f.Name, y/12)).Uint32()%50)) / 100
		for x := range m.Rect.Dx() {
			v := 236
			if ink && x > 6 && x < width {
				v = 96
			}
			v += int(r.Uint32()%14) - 7
			m.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v - 2), uint8(v - 8), 255})
		}
	}
	var buf bytes.Buffer
	if err := encode(&buf, m); err != nil {
		return nil // a buffer never fails; nil shows in the tests
	}
	return buf.Bytes()
}

// pdf writes one page with the file's name, and a stream nobody shows that
// brings it to its size (PDF 1.4, ISO 32000-1 7.5).
func pdf(f content.File) []byte {
	label := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '(' || r == ')' || r == '\\' {
			return '.'
		}
		return r
	}, f.Name)
	page := "BT /F1 18 Tf 72 760 Td (" + label + ") Tj 0 -30 Td /F1 11 Tf (Birkpay practice data. No real customer, no real payment.) Tj ET"
	grain := make([]byte, max(0, f.Size-900))
	r := noise(f.Name)
	for i := range grain {
		grain[i] = byte(r.Uint32())
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(page), page),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(grain), grain),
	}
	var buf bytes.Buffer
	buf.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, buf.Len())
		fmt.Fprintf(&buf, "%d 0 obj%s endobj\n", i+1, o)
	}
	start := buf.Len()
	fmt.Fprintf(&buf, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&buf, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&buf, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return buf.Bytes()
}

// table writes payments, one a line.
func table(f content.File) []byte {
	r := noise(f.Name)
	var buf bytes.Buffer
	buf.WriteString("date;order;instalment;amount;status\r\n")
	for i := 1; i <= 6 || buf.Len() < f.Size; i++ {
		fmt.Fprintf(&buf, "2025-%02d-%02d;BP-%06d;%d;%d.%02d;%s\r\n", i%12+1, r.IntN(28)+1, r.IntN(1000000),
			i%4+1, r.IntN(180)+10, r.IntN(100), []string{"paid", "open", "refunded"}[r.IntN(3)])
	}
	return buf.Bytes()
}
