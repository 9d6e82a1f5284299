package simulator

import (
	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

// locks are SQLite's locks on one file, between the connections of this
// process (https://sqlite.org/lockingv3.html).
type locks struct {
	shared   int
	reserved *handle
	pending  *handle
	alone    *handle
}

func vfsLock(_ *libc.TLS, file uintptr, level int32) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.lock >= level {
		return lib.SQLITE_OK
	}
	l := &h.f.locks
	switch level {
	case lib.SQLITE_LOCK_SHARED:
		if l.pending != nil || l.alone != nil {
			return lib.SQLITE_BUSY
		}
		l.shared++
	case lib.SQLITE_LOCK_RESERVED:
		if l.reserved != nil && l.reserved != h {
			return lib.SQLITE_BUSY
		}
		l.reserved = h
	case lib.SQLITE_LOCK_EXCLUSIVE:
		if l.pending != nil && l.pending != h || l.reserved != nil && l.reserved != h {
			return lib.SQLITE_BUSY
		}
		l.pending = h
		if l.shared > 1 {
			h.lock = lib.SQLITE_LOCK_PENDING
			return lib.SQLITE_BUSY
		}
		l.alone = h
	}
	h.lock = level
	return lib.SQLITE_OK
}

func vfsUnlock(_ *libc.TLS, file uintptr, level int32) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.lock <= level {
		return lib.SQLITE_OK
	}
	l := &h.f.locks
	for _, held := range []**handle{&l.reserved, &l.pending, &l.alone} {
		if *held == h {
			*held = nil
		}
	}
	if level == lib.SQLITE_LOCK_NONE {
		l.shared--
	}
	h.lock = level
	return lib.SQLITE_OK
}

func vfsReserved(_ *libc.TLS, file, out uintptr) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	*(*int32)(ptr(out)) = 0
	if h.f.locks.reserved != nil {
		*(*int32)(ptr(out)) = 1
	}
	return lib.SQLITE_OK
}

// shm is the index of a write-ahead log, which all connections share. It lies
// in C's memory and ends with the machine.
type shm struct {
	regions []uintptr
	users   int
	shared  [lib.SQLITE_SHM_NLOCK]int
	alone   [lib.SQLITE_SHM_NLOCK]*handle
}

//nolint:revive // SQLite gives the arguments (sqlite3_io_methods.xShmMap)
func vfsShmMap(tls *libc.TLS, file uintptr, region, size, extend int32, out uintptr) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	s := &h.f.shm
	if !h.maps {
		h.maps = true
		s.users++
	}
	*(*uintptr)(ptr(out)) = 0
	for len(s.regions) <= int(region) {
		if extend == 0 {
			return lib.SQLITE_OK
		}
		p := libc.Xcalloc(tls, 1, types.Size_t(size))
		if p == 0 {
			return lib.SQLITE_NOMEM
		}
		s.regions = append(s.regions, p)
	}
	*(*uintptr)(ptr(out)) = s.regions[region]
	return lib.SQLITE_OK
}

func vfsShmLock(_ *libc.TLS, file uintptr, offset, n, flags int32) int32 {
	h := handleOf(file)
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	s := &h.f.shm
	lock, alone := flags&lib.SQLITE_SHM_LOCK != 0, flags&lib.SQLITE_SHM_EXCLUSIVE != 0
	for i := offset; lock && i < offset+n; i++ {
		taken := s.alone[i] != nil && s.alone[i] != h
		others := s.shared[i]
		if h.shared[i] {
			others--
		}
		if taken || alone && others > 0 {
			return lib.SQLITE_BUSY
		}
	}
	for i := offset; i < offset+n; i++ {
		h.hold(int(i), lock, alone)
	}
	return lib.SQLITE_OK
}

// hold takes or gives one lock that is free to be. The caller holds the disk.
func (h *handle) hold(i int, lock, alone bool) {
	s := &h.f.shm
	switch {
	case lock && alone:
		s.alone[i], h.alone[i] = h, true
	case lock && !h.shared[i]:
		s.shared[i]++
		h.shared[i] = true
	case !lock && alone && h.alone[i]:
		s.alone[i], h.alone[i] = nil, false
	case !lock && !alone && h.shared[i]:
		s.shared[i]--
		h.shared[i] = false
	}
}

func vfsShmBarrier(*libc.TLS, uintptr) {}

func vfsShmUnmap(tls *libc.TLS, file uintptr, forget int32) int32 {
	if h := handleOf(file); h != nil {
		h.unmap(tls, forget != 0)
	}
	return lib.SQLITE_OK
}

// unmap lets go of the index; the last one frees it.
func (h *handle) unmap(tls *libc.TLS, _ bool) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if !h.maps {
		return
	}
	h.maps = false
	for i := range h.shared {
		h.hold(i, false, false)
		h.hold(i, false, true)
	}
	s := &h.f.shm
	if s.users--; s.users == 0 {
		for _, p := range s.regions {
			libc.Xfree(tls, p)
		}
		s.regions = nil
	}
}
