package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	markSOI  = 0xd8
	markSOS  = 0xda
	markAPP1 = 0xe1
	// tagOrientation is Exif's (CIPA DC-008, table 4).
	tagOrientation = 0x0112
	maxSegments    = 200
)

// orientation finds Exif's in the head of a JPEG, 1 where there is none or it
// makes no sense.
func orientation(r io.Reader) int {
	var start [2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || start != [2]byte{0xff, markSOI} {
		return 1
	}
	for range maxSegments {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0xff || head[1] == markSOS {
			return 1
		}
		size := int(binary.BigEndian.Uint16(head[2:])) - 2
		if size < 0 {
			return 1
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(r, body); err != nil {
			return 1
		}
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && head[1] == markAPP1 {
			return orientationIn(tiff)
		}
	}
	return 1
}

// orientationIn reads the first directory of a TIFF.
func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	const entry = 12
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		from := at + 2 + i*entry
		if from+entry > int64(len(tiff)) {
			return 1
		}
		if e := tiff[from : from+entry]; order.Uint16(e) == tagOrientation {
			return int(order.Uint16(e[8:]))
		}
	}
	return 1
}
