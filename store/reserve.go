package store

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"fernpost/store/desk"
)

// A file of a few megabytes lies in the folder for the day the disk is full. It
// is given up for what a person writes and for the ends of attempts, and nothing
// that comes from a server may use its room: fetching stops until there is
// enough again and the file is back.

const (
	reserveFile = "reserve"
	reserveSize = 4 << 20 // or an eighth of a small disk
	// enough is how many times as much must be free before a reserve is made, or
	// made again.
	enough = 4
)

// Full tells that the disk is full: what a person does is still written as long
// as it fits, nothing is fetched.
func (s *Store) Full() bool { return s.full.Load() }

// writeWork is write for what a person does and what becomes of it: on a full
// disk it gives up the reserve. fn may run twice.
func (s *Store) writeWork(ctx context.Context, doing string, fn func(*tx) error) error {
	err := s.write(ctx, doing, fn)
	if desk.KindOf(err) == desk.KindDiskFull && s.giveReserve() {
		err = s.write(ctx, doing, fn)
	}
	return err
}

// fetching refuses what comes from a server while the disk is full.
func (s *Store) fetching(doing string) error {
	if s.full.Load() && !s.roomAgain() {
		return desk.E(desk.KindDiskFull, doing, errors.New("the last room is for what a person writes"))
	}
	return nil
}

// noteFull follows a write that found no room.
func (s *Store) noteFull(err error) {
	if desk.KindOf(err) == desk.KindDiskFull {
		s.setFull(true)
	}
}

func (s *Store) setFull(full bool) {
	if s.full.Swap(full) == full {
		return
	}
	slog.Warn("disk", "full", full)
	if s.room != nil {
		s.room()
	}
}

// giveReserve frees the reserve; false when there is none any more.
func (s *Store) giveReserve() bool {
	s.setFull(true)
	s.reserve.Lock()
	defer s.reserve.Unlock()
	return os.Remove(filepath.Join(s.dir, reserveFile)) == nil
}

// roomAgain looks whether there is room, and makes the reserve where it isn't.
func (s *Store) roomAgain() bool {
	s.reserve.Lock()
	defer s.reserve.Unlock()
	err := makeReserve(s.dir)
	if err == nil || desk.KindOf(err) == desk.KindDiskFull {
		s.setFull(err != nil)
	}
	return err == nil
}

// makeReserve writes the reserve where it isn't, kind disk_full where there is
// no room. Its bytes are random: some file systems keep no others.
func makeReserve(dir string) error {
	const doing = "make the reserve"
	free, total, err := room(dir)
	if err != nil {
		return err
	}
	size := min(reserveSize, total/8)
	path := filepath.Join(dir, reserveFile)
	info, err := os.Stat(path)
	if err == nil && info.Size() == size {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if free < enough*size {
		return desk.E(desk.KindDiskFull, doing, nil)
	}
	noise := make([]byte, size)
	_, _ = rand.Read(noise) // never fails since Go 1.24
	err = os.WriteFile(path, noise, 0o600)
	if err == nil {
		err = syncFile(path)
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}

// Care makes the reserve, and tries again what the store had to do without: room
// on the disk and the second copy. It is called at the beginning and from time
// to time, and does nothing while all is well.
func (s *Store) Care(ctx context.Context) error {
	s.roomAgain()
	return s.rejoin(ctx)
}
