package simulator

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

// SQLite's way to a disk (https://sqlite.org/vfs.html), which leads to the disk
// of the run that goes on. It is registered as the one that is used where nobody
// names another: so the store needs to know nothing of it, and whatever database
// it opens one day lies here too.

// at is the disk of the run that goes on; nil is none.
var at atomic.Pointer[disk]

// handle is an open file.
type handle struct {
	d      *disk
	f      *inode
	lock   int32
	shared [lib.SQLITE_SHM_NLOCK]bool // shm locks that it holds
	alone  [lib.SQLITE_SHM_NLOCK]bool
	maps   bool
	gone   bool // deleted at its close
}

// What SQLite keeps of a file is its table of methods and our number of it.
type cFile struct {
	methods uintptr
	number  uintptr
}

var (
	handlesMu sync.Mutex
	handles   = map[uintptr]*handle{}
	handleTop uintptr
	methods   lib.Tsqlite3_io_methods
	vfsOnce   sync.Once
)

func ptr(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func address[T any](f T) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func memory(p uintptr, n int32) []byte { return unsafe.Slice((*byte)(ptr(p)), int(n)) }

func handleOf(p uintptr) *handle {
	handlesMu.Lock()
	defer handlesMu.Unlock()
	return handles[(*cFile)(ptr(p)).number]
}

// useDisk makes simulated disks what SQLite writes to, from now on.
func useDisk() {
	vfsOnce.Do(func() {
		tls := libc.NewTLS()
		methods = lib.Tsqlite3_io_methods{
			FiVersion: 2, FxClose: address(vfsClose), FxRead: address(vfsRead), FxWrite: address(vfsWrite),
			FxTruncate: address(vfsTruncate), FxSync: address(vfsSync), FxFileSize: address(vfsSize),
			FxLock: address(vfsLock), FxUnlock: address(vfsUnlock), FxCheckReservedLock: address(vfsReserved),
			FxFileControl: address(vfsControl), FxSectorSize: address(vfsSector), FxDeviceCharacteristics: address(vfsDevice),
			FxShmMap: address(vfsShmMap), FxShmLock: address(vfsShmLock), FxShmBarrier: address(vfsShmBarrier),
			FxShmUnmap: address(vfsShmUnmap),
		}
		system := lib.Xsqlite3_vfs_find(tls, 0)
		v := (*lib.Tsqlite3_vfs)(ptr(libc.Xcalloc(tls, 1, types.Size_t(unsafe.Sizeof(lib.Tsqlite3_vfs{})))))
		*v = *(*lib.Tsqlite3_vfs)(ptr(system)) // paths
		name := libc.Xmalloc(tls, 16)
		copy(memory(name, 16), "simulated\x00")
		v.FpNext, v.FzName, v.FszOsFile = 0, name, int32(unsafe.Sizeof(cFile{}))
		v.FxOpen, v.FxDelete, v.FxAccess = address(vfsOpen), address(vfsDelete), address(vfsAccess)
		v.FxSleep, v.FxRandomness = address(vfsSleep), address(vfsRandom)
		v.FxFullPathname, v.FxCurrentTimeInt64 = address(vfsFull), address(vfsNow)
		if rc := lib.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(v)), 1); rc != lib.SQLITE_OK {
			panic("SQLite refuses the simulated disk")
		}
	})
}

//nolint:revive // SQLite gives the arguments (sqlite3_vfs.xOpen)
func vfsOpen(_ *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	c := (*cFile)(ptr(file))
	*c = cFile{}
	d := at.Load()
	if d == nil {
		return lib.SQLITE_CANTOPEN
	}
	path := ""
	if name != 0 {
		path = libc.GoString(name)
	}
	f := d.open(path, flags&lib.SQLITE_OPEN_CREATE != 0 || path == "")
	if f == nil {
		return lib.SQLITE_CANTOPEN
	}
	h := &handle{d: d, f: f, gone: flags&lib.SQLITE_OPEN_DELETEONCLOSE != 0}
	handlesMu.Lock()
	handleTop++
	handles[handleTop] = h
	c.number = handleTop
	handlesMu.Unlock()
	c.methods = uintptr(unsafe.Pointer(&methods))
	if out != 0 {
		*(*int32)(ptr(out)) = flags
	}
	return lib.SQLITE_OK
}

func vfsClose(tls *libc.TLS, file uintptr) int32 {
	h := handleOf(file)
	if h == nil {
		return lib.SQLITE_OK
	}
	vfsUnlock(tls, file, lib.SQLITE_LOCK_NONE)
	h.unmap(tls, false)
	handlesMu.Lock()
	delete(handles, (*cFile)(ptr(file)).number)
	handlesMu.Unlock()
	if h.gone && !h.f.dead {
		h.d.remove(h.f.name)
	}
	return lib.SQLITE_OK
}

func vfsRead(_ *libc.TLS, file, buf uintptr, n int32, at int64) int32 {
	h := handleOf(file)
	b := memory(buf, n)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.f.dead {
		return lib.SQLITE_IOERR_READ
	}
	got := h.f.readAt(b, at)
	if got < len(b) {
		clear(b[got:])
		return lib.SQLITE_IOERR_SHORT_READ
	}
	return lib.SQLITE_OK
}

func vfsWrite(_ *libc.TLS, file, buf uintptr, n int32, at int64) int32 {
	h := handleOf(file)
	return code(h.d.write(h.f, memory(buf, n), at), lib.SQLITE_IOERR_WRITE)
}

func vfsTruncate(_ *libc.TLS, file uintptr, size int64) int32 {
	h := handleOf(file)
	return code(h.d.truncate(h.f, size), lib.SQLITE_IOERR_TRUNCATE)
}

func vfsSync(_ *libc.TLS, file uintptr, _ int32) int32 {
	h := handleOf(file)
	return code(h.d.sync(h.f), lib.SQLITE_IOERR_FSYNC)
}

func code(err error, failed int32) int32 {
	switch {
	case err == nil:
		return lib.SQLITE_OK
	case errors.Is(err, errFull):
		return lib.SQLITE_FULL
	}
	return failed
}

func vfsSize(_ *libc.TLS, file, out uintptr) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	*(*int64)(ptr(out)) = int64(len(h.f.bytes))
	return lib.SQLITE_OK
}

func vfsControl(*libc.TLS, uintptr, int32, uintptr) int32 { return lib.SQLITE_NOTFOUND }

// vfsSector and vfsDevice say what SQLite says of files on Unix.
func vfsSector(*libc.TLS, uintptr) int32 { return 4096 }

func vfsDevice(*libc.TLS, uintptr) int32 { return lib.SQLITE_IOCAP_POWERSAFE_OVERWRITE }

func vfsDelete(_ *libc.TLS, _, name uintptr, _ int32) int32 {
	d, path := at.Load(), libc.GoString(name)
	if d == nil || !d.exists(path) {
		return lib.SQLITE_IOERR_DELETE_NOENT
	}
	d.mu.Lock()
	done := d.done
	d.mu.Unlock()
	if done {
		return lib.SQLITE_IOERR_DELETE // a machine that stopped deletes nothing
	}
	d.remove(path)
	return lib.SQLITE_OK
}

func vfsAccess(_ *libc.TLS, _, name uintptr, _ int32, out uintptr) int32 {
	*(*int32)(ptr(out)) = 0
	if d := at.Load(); d != nil && d.exists(libc.GoString(name)) {
		*(*int32)(ptr(out)) = 1
	}
	return lib.SQLITE_OK
}

func vfsFull(_ *libc.TLS, _, name uintptr, n int32, out uintptr) int32 {
	path := libc.GoString(name)
	if len(path)+1 > int(n) {
		return lib.SQLITE_CANTOPEN
	}
	b := memory(out, n)
	b[copy(b, path)] = 0
	return lib.SQLITE_OK
}

func vfsSleep(_ *libc.TLS, _ uintptr, micros int32) int32 {
	time.Sleep(time.Duration(micros) * time.Microsecond)
	return micros
}

func vfsRandom(_ *libc.TLS, _ uintptr, n int32, out uintptr) int32 {
	b := memory(out, n)
	for i := range b {
		b[i] = byte(i*7 + 1) // the same in every run
	}
	return n
}

func vfsNow(_ *libc.TLS, _, out uintptr) int32 {
	const julian = 2440587.5 * 86400 * 1000 // of 1970
	*(*int64)(ptr(out)) = int64(julian) + time.Now().UnixMilli()
	return lib.SQLITE_OK
}
