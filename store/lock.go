package store

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"fernpost/store/desk"
)

// The lock that one window holds on a data folder is the system's, on a file of
// its own: it ends with the process, however that ends, and never meets
// SQLite's own locks.

// Doctor looks whether the lock is free by taking it for a moment; a window that
// is opened just then tries again.
const (
	lockTries = 5
	lockPause = 50 * time.Millisecond
)

// lockExclusive takes the lock, and holds it until the file is closed. Kind
// locked when another process has it.
func lockExclusive(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		held, err := tryLock(f)
		if err == nil && held {
			return f, nil
		}
		if err != nil || try == lockTries {
			_ = f.Close()
			if err == nil {
				err = desk.E(desk.KindLocked, "lock the data folder", errors.New("another window has it open"))
			}
			return nil, err
		}
		time.Sleep(lockPause)
	}
}

// lockFree tells whether no window is open.
func lockFree(path string) (bool, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	return tryLock(f)
}
