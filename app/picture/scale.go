package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // read by image.Decode
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // read by image.Decode

	"fernpost/store/desk"
)

const (
	// Longest is how many points the longer side of a picture keeps that a person
	// is to look at closely.
	Longest = 1600
	// maxPoints bounds the memory that a picture may take: 60 million are a
	// quarter of a gigabyte at worst.
	maxPoints = 60_000_000
	// quality is where a photograph shows no fault on a screen.
	quality = 80
)

// Scale writes the picture as JPEG, upright, its longer side at most longest
// points; a smaller one keeps its points. Kind too_large for one that takes too
// much memory, kind unreadable for what is no picture.
func Scale(w io.Writer, r io.ReadSeeker, longest int) error {
	const doing = "scale picture"
	size, _, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return desk.E(desk.KindUnreadable, doing, err)
	}
	if size.Width <= 0 || size.Height <= 0 {
		return desk.E(desk.KindUnreadable, doing, errors.New("no points"))
	}
	if int64(size.Width)*int64(size.Height) > maxPoints {
		return desk.E(desk.KindTooLarge, doing, fmt.Errorf("%d by %d points", size.Width, size.Height))
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return desk.E(desk.KindUnreadable, doing, err)
	}
	turned := orientation(bufio.NewReader(r))
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return desk.E(desk.KindUnreadable, doing, err)
	}
	src, _, err := image.Decode(bufio.NewReader(r))
	if err != nil {
		return desk.E(desk.KindUnreadable, doing, err)
	}
	small := upright(fitted(src, longest), turned)
	if err := jpeg.Encode(w, small, &jpeg.Options{Quality: quality}); err != nil {
		return desk.E(desk.KindDiskFull, doing, err)
	}
	return nil
}

// fitted scales down, on white where the picture lets something through.
func fitted(src image.Image, longest int) *image.RGBA {
	b := src.Bounds()
	wide, high := b.Dx(), b.Dy()
	if side := max(wide, high); side > longest {
		wide, high = max(wide*longest/side, 1), max(high*longest/side, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), src, b, draw.Over, nil)
	return out
}

// upright turns and mirrors as Exif's orientation asks (CIPA DC-008 4.6.5), 1 to
// 8; anything else is upright already.
func upright(src *image.RGBA, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			out.SetRGBA(x, y, src.RGBAAt(comesFrom(orientation, x, y, image.Pt(w-1, h-1))))
		}
	}
	return out
}

// comesFrom says which point of the picture as it was stored stands at x, y.
func comesFrom(orientation, x, y int, last image.Point) (int, int) {
	switch orientation {
	case 2:
		return last.X - x, y
	case 3:
		return last.X - x, last.Y - y
	case 4:
		return x, last.Y - y
	case 5:
		return y, x
	case 6:
		return y, last.Y - x
	case 7:
		return last.X - y, last.Y - x
	default:
		return last.X - y, x
	}
}
