package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"fernpost/store/desk"
)

const vacuumInto = `VACUUM INTO ?1`

// backupsKept is how many copies from before migrations stay.
const backupsKept = 2

// backup copies a database before it is migrated. It and the migration after
// it need room, which is looked at first: a disk that fills up halfway helps
// nobody.
func (m migrator) backup(ctx context.Context, b *base, name string, version int) error {
	dir := filepath.Join(m.dir, backupDir)
	if err := makePrivate(dir); err != nil {
		return err
	}
	info, err := os.Stat(b.path)
	if err != nil {
		return err
	}
	need := 2*info.Size() + 16<<20
	free, _, err := room(dir)
	if err != nil {
		return err
	}
	if free < need {
		return desk.E(desk.KindDiskFull, "make room for a copy", fmt.Errorf("%d bytes free, %d needed", free, need))
	}
	stem := name[:len(name)-len(filepath.Ext(name))]
	stamp := m.now().UTC().Format("20060102T150405.000Z")
	if err := b.copyTo(ctx, filepath.Join(dir, fmt.Sprintf("%s-v%d-%s.db", stem, version, stamp))); err != nil {
		return err
	}
	return prune(dir, stem)
}

// prune removes all but the newest copies. Their names end in their time.
func prune(dir, stem string) error {
	old, err := filepath.Glob(filepath.Join(dir, stem+"-v*-*.db"))
	if err != nil {
		return err
	}
	byTime := func(a, b string) int {
		return compareTails(a, b, len("20060102T150405.000Z.db"))
	}
	slices.SortFunc(old, byTime)
	for _, path := range old[:max(0, len(old)-backupsKept)] {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

func compareTails(a, b string, n int) int {
	a, b = a[max(0, len(a)-n):], b[max(0, len(b)-n):]
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// copyTo writes a whole, consistent copy to path while others go on reading
// and writing. A half copy never stands under that name.
func (b *base) copyTo(ctx context.Context, path string) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !os.IsNotExist(err) {
		return err
	}
	db, conn, err := openCopier(ctx, b.path)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, vacuumInto, part)
	_ = conn.Close()
	_ = db.Close()
	if err == nil {
		err = os.Chmod(part, 0o600)
	}
	if err == nil {
		err = syncFile(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}

// syncFile waits until a file's bytes are on the disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// BackupTo writes a copy of main.db to path, which must not be one of the
// store's own files. Attachments are not in it: they come again from the
// server.
func (s *Store) BackupTo(ctx context.Context, path string) error {
	return wrap("back up store", s.main.copyTo(ctx, path))
}
