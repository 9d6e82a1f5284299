package mailbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// The log's format. The file begins with magic; then come records:
//
//	u32 length of payload, u32 CRC-32C of payload, payload
//
// all big-endian. A payload is a u32 length, that much JSON (a list of changes)
// and then the bodies the changes point into. One record is one batch: it
// counts whole or not at all.
const (
	magic      = "fernpost practice mailbox 1\n"
	headLen    = 8
	recordMax  = 256 << 20
	fileMode   = 0o600
	folderMode = 0o700
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that a record in the middle of the log doesn't read, so that
// what follows can't be trusted either.
var errDamaged = errors.New("the log is damaged before its end")

// Body is where a mail lies in the log.
type Body struct {
	Off int64 `json:"o"`
	Len int64 `json:"n"`
	// Head is how much of it is the header, with the blank line.
	Head int64 `json:"h"`
}

// change is one thing that happened. Kind says which fields count.
type change struct {
	Kind  string          `json:"k"`
	Box   string          `json:"b,omitempty"`
	UID   uint32          `json:"u,omitempty"` // add; for a box its UIDVALIDITY
	Set   string          `json:"s,omitempty"` // flags, expunge: UIDs
	Op    int             `json:"op,omitempty"`
	Flags []string        `json:"f,omitempty"` // box: its special use
	At    int64           `json:"at,omitempty"`
	Zone  int             `json:"z,omitempty"` // seconds east of UTC
	Note  string          `json:"t,omitempty"`
	Data  json.RawMessage `json:"d,omitempty"`
	Body  *Body           `json:"m,omitempty"`
}

// The kinds of change.
const (
	kindBox     = "box"
	kindAdd     = "add"
	kindFlags   = "flags"
	kindExpunge = "expunge"
	kindNote    = "note"
)

// encode makes a record that will stand at offset at, and moves the bodies'
// offsets there.
func encode(changes []change, bodies []byte, at int64) ([]byte, []change, error) {
	moved := func(base int64) ([]change, []byte, error) {
		out := make([]change, len(changes))
		for i, c := range changes {
			if c.Body != nil {
				b := *c.Body
				b.Off += base
				c.Body = &b
			}
			out[i] = c
		}
		text, err := json.Marshal(out)
		return out, text, err
	}
	// Offsets within the payload: the JSON's own length doesn't depend on where
	// the record stands, so that a log can be copied record by record.
	_, text, err := moved(0)
	if err != nil {
		return nil, nil, err
	}
	var buf bytes.Buffer
	buf.Grow(headLen + 4 + len(text) + len(bodies))
	buf.Write(make([]byte, headLen))
	_ = binary.Write(&buf, binary.BigEndian, uint32(len(text)))
	buf.Write(text)
	buf.Write(bodies)
	record := buf.Bytes()
	if len(record) > recordMax {
		return nil, nil, fmt.Errorf("a record of %d bytes is over the limit", len(record))
	}
	payload := record[headLen:]
	binary.BigEndian.PutUint32(record[0:], uint32(len(payload)))
	binary.BigEndian.PutUint32(record[4:], crc32.Checksum(payload, castagnoli))
	final, _, err := moved(at + headLen + 4 + int64(len(text)))
	return record, final, err
}

// scan reads the log and gives every batch that counts and where the last one
// ends. A tail that was being written when the process died is left out;
// anything else that doesn't read is errDamaged.
func scan(f io.ReaderAt, size int64) (batches [][]change, end int64, err error) {
	head := make([]byte, len(magic))
	if n, _ := f.ReadAt(head, 0); string(head[:n]) != magic {
		return nil, 0, errDamaged
	}
	end = int64(len(magic))
	for end < size {
		changes, length, err := readRecord(f, end, size)
		if err != nil {
			if tornTail(f, end, size) {
				return batches, end, nil
			}
			return nil, 0, err
		}
		batches = append(batches, changes)
		end += length
	}
	return batches, end, nil
}

func readRecord(f io.ReaderAt, at, size int64) ([]change, int64, error) {
	var head [headLen]byte
	if _, err := f.ReadAt(head[:], at); err != nil {
		return nil, 0, errDamaged
	}
	length := int64(binary.BigEndian.Uint32(head[0:]))
	if length < 4 || length > recordMax || at+headLen+length > size {
		return nil, 0, errDamaged
	}
	payload := make([]byte, length)
	if _, err := f.ReadAt(payload, at+headLen); err != nil {
		return nil, 0, errDamaged
	}
	if crc32.Checksum(payload, castagnoli) != binary.BigEndian.Uint32(head[4:]) {
		return nil, 0, errDamaged
	}
	text := int64(binary.BigEndian.Uint32(payload))
	if 4+text > length {
		return nil, 0, errDamaged
	}
	var changes []change
	if err := json.Unmarshal(payload[4:4+text], &changes); err != nil {
		return nil, 0, errDamaged
	}
	for i := range changes {
		if b := changes[i].Body; b != nil {
			b.Off += at + headLen + 4 + text
		}
	}
	return changes, headLen + length, nil
}

// tornTail tells a record that a kill or a power cut left unfinished from
// damage: it reaches the end of the file, or nothing but zeros follows.
func tornTail(f io.ReaderAt, at, size int64) bool {
	var head [headLen]byte
	if n, _ := f.ReadAt(head[:], at); n < headLen {
		return true
	}
	if at+headLen+int64(binary.BigEndian.Uint32(head[0:])) >= size {
		return true
	}
	buf := make([]byte, 64<<10)
	for at < size {
		n, err := f.ReadAt(buf, at)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return false
		}
		at += int64(n)
		if err != nil {
			break
		}
	}
	return true
}

// syncFolder makes a rename durable. Windows has no such call and needs none.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
