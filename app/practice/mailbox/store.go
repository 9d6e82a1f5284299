package mailbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"fernpost/store/desk"
)

// Store is the mailbox of one account. Its methods may be called at once from
// several goroutines.
type Store struct {
	mu     sync.Mutex
	file   *os.File
	size   int64
	broken error // a write ended in doubt: nothing more is written in this run
	boxes  []*box
	onNote func(Note)
}

// Open reads the log at path. Where there is none, seed says what a new
// mailbox holds; that is written whole before Open returns. Every note, old or
// new, goes to onNote in order; it is called with the store locked and must
// not call back. A log that is damaged before its end is put aside (path plus
// ".damaged") and a new one is begun.
func Open(path string, seed func(*Batch) error, onNote func(Note)) (*Store, error) {
	s := &Store{onNote: onNote}
	err := s.open(path)
	if errors.Is(err, errDamaged) {
		if err := os.Rename(path, path+".damaged"); err != nil {
			return nil, desk.E(desk.KindDamaged, "put the damaged practice mailbox aside", err)
		}
		err = fs.ErrNotExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path, seed); err == nil {
			err = s.open(path)
		}
	}
	if err != nil {
		return nil, desk.E(kindOf(err), "open practice mailbox", err)
	}
	return s, nil
}

func kindOf(err error) desk.Kind {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return desk.KindPermission
	case errors.Is(err, syscall.ENOSPC):
		return desk.KindDiskFull
	default:
		return desk.KindInternal
	}
}

// create writes the first log beside its place and moves it there, so that a
// kill leaves either none or a whole one.
func create(path string, seed func(*Batch) error) error {
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*.log")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	s := &Store{file: f, onNote: func(Note) {}}
	var b Batch
	err = seed(&b)
	if err == nil {
		err = s.append([]byte(magic))
	}
	if err == nil {
		err = s.Commit(&b)
	}
	// Windows moves no open file.
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

func (s *Store) open(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, fileMode)
	if err != nil {
		return err
	}
	end, err := s.replay(f)
	if err == nil {
		err = f.Truncate(end)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.file, s.size = f, end
	return nil
}

// replay checks the whole log before it applies any of it.
func (s *Store) replay(f *os.File) (end int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	batches, end, err := scan(f, info.Size())
	if err != nil {
		return 0, err
	}
	for _, changes := range batches {
		for _, c := range changes {
			if err := s.apply(c); err != nil {
				return 0, err
			}
		}
	}
	return end, nil
}

// Close ends the use of the log. Everything is on disk already.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = fs.ErrClosed
	return s.file.Close()
}

// Commit writes and syncs the batch, then makes it visible.
func (s *Store) Commit(b *Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.commit(b); err != nil {
		return desk.E(kindOf(err), "write practice mailbox", err)
	}
	return nil
}

// commit gives back the changes as they were written, with UIDs.
func (s *Store) commit(b *Batch) ([]change, error) {
	next := map[string]uint32{}
	for i := range b.changes {
		c := &b.changes[i]
		switch c.Kind {
		case kindBox:
			next[c.Box] = 1
		case kindAdd:
			if _, ok := next[c.Box]; !ok {
				bx := s.box(c.Box)
				if bx == nil {
					return nil, fmt.Errorf("no folder for the mail")
				}
				next[c.Box] = uint32(bx.uidNext)
			}
			c.UID = next[c.Box]
			next[c.Box]++
		}
	}
	record, changes, err := encode(b.changes, b.bodies.Bytes(), s.size)
	if err != nil {
		return nil, err
	}
	if err := s.append(record); err != nil {
		return nil, err
	}
	for _, c := range changes {
		if err := s.apply(c); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// append writes and syncs. After an error nobody knows what lies on the disk,
// so that this run writes no more; the next one finds a torn tail.
func (s *Store) append(data []byte) error {
	if s.broken != nil {
		return s.broken
	}
	if _, err := s.file.WriteAt(data, s.size); err != nil {
		s.broken = err
		return err
	}
	if err := s.file.Sync(); err != nil {
		s.broken = err
		return err
	}
	s.size += int64(len(data))
	return nil
}

// Read gives a body's bytes.
func (s *Store) Read(b Body) ([]byte, error) {
	data := make([]byte, b.Len)
	if _, err := s.file.ReadAt(data, b.Off); err != nil {
		return nil, desk.E(kindOf(err), "read practice mailbox", err)
	}
	return data, nil
}

func (s *Store) readHead(b Body) ([]byte, error) { return s.Read(Body{Off: b.Off, Len: b.Head}) }

// box finds a folder; INBOX is the same in any case (RFC 3501 5.1).
func (s *Store) box(name string) *box {
	for _, b := range s.boxes {
		if b.name == name || strings.EqualFold(name, "INBOX") && b.name == "INBOX" {
			return b
		}
	}
	return nil
}

// apply makes one written change visible.
func (s *Store) apply(c change) error {
	if c.Kind == kindNote {
		n := Note{Type: c.Note, Data: c.Data}
		if c.Body != nil {
			n.Body = *c.Body
		}
		s.onNote(n)
		return nil
	}
	b := s.box(c.Box)
	if c.Kind == kindBox {
		if b != nil {
			return errDamaged
		}
		s.boxes = append(s.boxes, newBox(c))
		slices.SortFunc(s.boxes, func(a, b *box) int { return strings.Compare(a.name, b.name) })
		return nil
	}
	if b == nil {
		return errDamaged
	}
	switch c.Kind {
	case kindAdd:
		b.add(c)
	case kindFlags:
		b.store(c)
	case kindExpunge:
		b.expunge(c)
	default:
		return errDamaged
	}
	return nil
}
