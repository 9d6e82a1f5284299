package store

import (
	"bytes"
	"sync"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"

	"fernpost/store/words"
)

// The tokenizer "fernpost" of the search index. modernc.org/sqlite has no Go
// interface for FTS5 tokenizers, so this file speaks to the translated C
// library itself. What C keeps a pointer to lies in C's memory, where the
// garbage collector neither frees nor moves it: the instance of a tokenizer is
// the buffer its tokens are handed over in.
const tokenBuffer = 256 // bytes; words.Token never exceeds it

var (
	tokenizerOnce sync.Once
	splitters     = sync.Pool{New: func() any { return new(words.Splitter) }}

	cAPIType, cAPIQuery, cName uintptr // C strings, kept for ever
)

// registerTokenizer makes every connection that is opened from now on know
// the tokenizer.
func registerTokenizer() {
	tokenizerOnce.Do(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		cAPIType = cString(tls, "fts5_api_ptr")
		cAPIQuery = cString(tls, "SELECT fts5(?1)")
		cName = cString(tls, "fernpost")
		if rc := lib.Xsqlite3_auto_extension(tls, function(extendConnection)); rc != lib.SQLITE_OK {
			panic("store: SQLite refuses the search tokenizer") // only without memory
		}
	})
}

// extendConnection is called by SQLite for each new connection. It asks it for
// the interface of FTS5, as https://sqlite.org/fts5.html section 7 describes.
func extendConnection(tls *libc.TLS, db, _, _ uintptr) int32 {
	const word = unsafe.Sizeof(uintptr(0))
	local := tls.Alloc(int(2 * word))
	defer tls.Free(int(2 * word))
	statement, api := (*uintptr)(pointer(local)), (*uintptr)(pointer(local+word))
	*statement, *api = 0, 0
	if rc := lib.Xsqlite3_prepare_v2(tls, db, cAPIQuery, -1, local, 0); rc != lib.SQLITE_OK {
		return rc
	}
	lib.Xsqlite3_bind_pointer(tls, *statement, 1, local+word, cAPIType, 0)
	lib.Xsqlite3_step(tls, *statement)
	if rc := lib.Xsqlite3_finalize(tls, *statement); rc != lib.SQLITE_OK {
		return rc
	}
	if *api == 0 {
		return lib.SQLITE_ERROR
	}
	methods := libc.Xmalloc(tls, types.Size_t(unsafe.Sizeof(lib.Tfts5_tokenizer{})))
	if methods == 0 {
		return lib.SQLITE_NOMEM
	}
	defer libc.Xfree(tls, methods) // FTS5 keeps a copy
	*(*lib.Tfts5_tokenizer)(pointer(methods)) = lib.Tfts5_tokenizer{
		FxCreate: function(createTokenizer), FxDelete: function(deleteTokenizer), FxTokenize: function(tokenize),
	}
	create := (*lib.Tfts5_api)(pointer(*api)).FxCreateTokenizer
	call := *(*func(tls *libc.TLS, api, name, context, methods, destroy uintptr) int32)(unsafe.Pointer(&struct{ uintptr }{create}))
	return call(tls, *api, cName, 0, methods, 0)
}

func createTokenizer(tls *libc.TLS, _, _ uintptr, _ int32, out uintptr) int32 {
	buffer := libc.Xmalloc(tls, tokenBuffer)
	if buffer == 0 {
		return lib.SQLITE_NOMEM
	}
	*(*uintptr)(pointer(out)) = buffer
	return lib.SQLITE_OK
}

func deleteTokenizer(tls *libc.TLS, buffer uintptr) { libc.Xfree(tls, buffer) }

//nolint:revive // FTS5 gives the arguments (fts5_tokenizer.xTokenize)
func tokenize(tls *libc.TLS, buffer, context uintptr, flags int32, text uintptr, n int32, give uintptr) int32 {
	if n <= 0 || text == 0 {
		return lib.SQLITE_OK
	}
	call := *(*func(tls *libc.TLS, context uintptr, flags int32, token uintptr, n, start, end int32) int32)(unsafe.Pointer(&struct{ uintptr }{give}))
	shared := unsafe.Slice((*byte)(pointer(buffer)), tokenBuffer)
	mode := words.Index
	if flags&lib.FTS5_TOKENIZE_QUERY != 0 {
		mode = words.Query
	}
	sp := splitters.Get().(*words.Splitter)
	defer splitters.Put(sp)
	rc := int32(lib.SQLITE_OK)
	sp.Split(unsafe.Slice((*byte)(pointer(text)), int(n)), mode, func(t words.Token) bool {
		size := copy(shared, t.Text)
		rc = call(tls, context, 0, buffer, int32(size), int32(t.Start), int32(t.End))
		return rc == lib.SQLITE_OK
	})
	return rc
}

// pointer reads an address of C's memory as a Go pointer.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// function gives the address by which translated C calls a declared Go
// function: that of its function value, which lies in read-only data.
func function[T any](f T) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func cString(tls *libc.TLS, s string) uintptr {
	p := libc.Xmalloc(tls, types.Size_t(len(s)+1))
	if p == 0 {
		panic("store: no memory for a C string")
	}
	copy(unsafe.Slice((*byte)(pointer(p)), len(s)+1), bytes.Join([][]byte{[]byte(s), {0}}, nil))
	return p
}
