package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"fernpost/store/desk"
)

// flag is red above white, with its first corner blue.
func flag(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0xff, 0xff, 0xff, 0xff}
			if y < h/2 {
				c = color.RGBA{0xff, 0, 0, 0xff}
			}
			if y < h/4 && x < w/4 {
				c = color.RGBA{0, 0, 0xff, 0xff}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// stored gives a JPEG whose Exif says how it is to be turned.
func stored(t *testing.T, m image.Image, orientation uint16, order binary.ByteOrder) []byte {
	t.Helper()
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00\x2a")
	if order == binary.LittleEndian {
		tiff = []byte("II\x2a\x00")
	}
	tiff, _ = binary.Append(tiff, order, []uint32{8})
	tiff, _ = binary.Append(tiff, order, []uint16{2, 0x010f, 2})
	tiff, _ = binary.Append(tiff, order, []uint32{4, 0})
	tiff, _ = binary.Append(tiff, order, []uint16{tagOrientation, 3})
	tiff, _ = binary.Append(tiff, order, []uint32{1})
	tiff, _ = binary.Append(tiff, order, []uint16{orientation, 0})
	body := append([]byte("Exif\x00\x00"), append(tiff, []byte("GPS 48.1 N 11.5 E")...)...)
	out := append([]byte{0xff, markSOI, 0xff, markAPP1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), raw.Bytes()[2:]...)
}

func scaled(t *testing.T, raw []byte, longest int) image.Image {
	t.Helper()
	var out bytes.Buffer
	if err := Scale(&out, bytes.NewReader(raw), longest); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(out.Bytes(), []byte("Exif")) || bytes.Contains(out.Bytes(), []byte("GPS")) {
		t.Error("what the camera wrote beside the picture is still there")
	}
	m, kind, err := image.Decode(&out)
	if err != nil || kind != "jpeg" {
		t.Fatalf("%s, %v", kind, err)
	}
	return m
}

func like(c color.Color, r, g, b uint32) bool {
	near := func(a, want uint32) bool { return max(a>>8, want)-min(a>>8, want) < 40 }
	cr, cg, cb, _ := c.RGBA()
	return near(cr, r) && near(cg, g) && near(cb, b)
}

// Exif's orientation n says which side of the stored picture is up: undoing it
// brings the blue corner from where it was stored to the first.
func TestPicturesStandUpright(t *testing.T) {
	up := flag(80, 40)
	for n := 1; n <= 8; n++ {
		// The picture as a camera held otherwise stores it.
		w, h := 80, 40
		if n >= 5 {
			w, h = 40, 80
		}
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range 40 {
			for x := range 80 {
				at := map[int][2]int{
					1: {x, y}, 2: {79 - x, y}, 3: {79 - x, 39 - y}, 4: {x, 39 - y},
					5: {y, x}, 6: {y, 79 - x}, 7: {39 - y, 79 - x}, 8: {39 - y, x},
				}[n]
				m.SetRGBA(at[0], at[1], up.RGBAAt(x, y))
			}
		}
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			got := scaled(t, stored(t, m, uint16(n), order), 40)
			if got.Bounds().Dx() != 40 || got.Bounds().Dy() != 20 {
				t.Errorf("orientation %d: %v", n, got.Bounds())
				continue
			}
			if !like(got.At(3, 2), 0, 0, 255) || !like(got.At(35, 2), 255, 0, 0) || !like(got.At(3, 17), 255, 255, 255) {
				t.Errorf("orientation %d: corners %v %v %v", n, got.At(3, 2), got.At(35, 2), got.At(3, 17))
			}
		}
	}
}

func TestSmallPicturesKeepTheirPoints(t *testing.T) {
	var raw bytes.Buffer
	through := image.NewNRGBA(image.Rect(0, 0, 30, 10))
	if err := png.Encode(&raw, through); err != nil {
		t.Fatal(err)
	}
	got := scaled(t, raw.Bytes(), Longest)
	if got.Bounds().Dx() != 30 || !like(got.At(5, 5), 255, 255, 255) {
		t.Errorf("%v, what was transparent is %v", got.Bounds(), got.At(5, 5))
	}
	if got := scaled(t, stored(t, flag(2000, 1), 1, binary.BigEndian), 100); got.Bounds().Dx() != 100 || got.Bounds().Dy() != 1 {
		t.Errorf("a line becomes %v", got.Bounds())
	}
}

func TestWhatIsNoPicture(t *testing.T) {
	good := stored(t, flag(40, 40), 6, binary.BigEndian)
	huge := bytes.Clone(good)
	at := bytes.Index(huge, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(huge[at+5:], 65000)
	binary.BigEndian.PutUint16(huge[at+7:], 65000)
	for name, c := range map[string]struct {
		raw  []byte
		kind desk.Kind
	}{
		"nothing": {nil, desk.KindUnreadable}, "text": {[]byte("hello"), desk.KindUnreadable},
		"a cut one": {good[:len(good)/2], desk.KindUnreadable}, "a bomb": {huge, desk.KindTooLarge},
	} {
		if err := Scale(&bytes.Buffer{}, bytes.NewReader(c.raw), 100); desk.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range good[:200] { // Exif that lies
		bad := bytes.Clone(good)
		bad[n] ^= 0xff
		_ = orientation(bytes.NewReader(bad))
	}
}
