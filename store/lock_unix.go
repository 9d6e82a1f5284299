//go:build unix

package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"fernpost/store/desk"
)

// lockExclusive takes the lock that one window holds on a data folder. It is
// the system's, on a file of its own: it ends with the process, however that
// ends, and never meets SQLite's own locks.
func lockExclusive(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, desk.E(desk.KindLocked, "lock the data folder", err)
	}
	return nil, err
}

// freeBytes is what an ordinary user can still write where dir lies.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(st.Bavail) * int64(st.Bsize), nil //nolint:unconvert // types differ between systems
}

func isDiskFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }
