package simulator

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
)

// sector is what a disk writes whole or not at all. SQLite's pages are larger:
// a power cut tears them.
const sector = 512

// disk is the disk under SQLite. It remembers which sectors nobody has synced.
type disk struct {
	mu      sync.Mutex
	files   map[string]*inode
	rng     *rand.Rand
	room    int64 // bytes that may still be written; never
	calls   int   // writes and syncs since the machine was started
	plan    []diskFault
	crashed func() // the machine stopped at a call; called once, without mu
	done    bool   // it has
	sprung  func(fault)
}

// diskFault happens at a write or sync, counted from now.
type diskFault struct {
	in    int // calls from now
	what  fault
	lasts int // further calls that fail with it
}

// The kinds of trouble a disk has.
const (
	diskError    fault = "disk error"
	diskFull     fault = "disk full"
	killed       fault = "killed at a write" // what was written stays, synced or not
	powerCut     fault = "power cut"         // what wasn't synced may be there, sector by sector
	killedIdle   fault = "killed"
	powerCutIdle fault = "power cut, idle"
)

// inode is one file. durable is what a power cut leaves for sure.
type inode struct {
	name    string
	bytes   []byte
	durable []byte
	dirty   map[int]bool // sectors that are not synced
	dead    bool         // of a machine that stopped
	locks   locks
	shm     shm
}

var errDead = errors.New("the machine stopped")

func newDisk(rng *rand.Rand, from map[string][]byte) *disk {
	d := &disk{files: map[string]*inode{}, rng: rng, room: never}
	for name, b := range from {
		d.files[name] = newInode(name, b)
		leaveStub(name)
	}
	return d
}

// A stub of each file lies on the real disk, because the store itself looks
// whether its databases are there, and moves what is damaged out of the way.
func leaveStub(name string) { _ = os.WriteFile(name, []byte("stub"), 0o600) }

// moved tells that the store moved a file away since SQLite closed it.
func moved(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

func newInode(name string, b []byte) *inode {
	return &inode{name: name, bytes: slices.Clone(b), durable: slices.Clone(b), dirty: map[int]bool{}}
}

// image gives every file as it is.
func (d *disk) image() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string][]byte{}
	for name, f := range d.files {
		out[name] = slices.Clone(f.bytes)
	}
	return out
}

// open finds a file, or makes it.
func (d *disk) open(name string, create bool) *inode {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done {
		return nil // what lies there now is the next machine's
	}
	f := d.files[name]
	if f != nil && moved(name) {
		delete(d.files, name)
		f = nil
	}
	if f == nil && create {
		f = newInode(name, nil)
		if name != "" {
			d.files[name] = f
			leaveStub(name)
		}
	}
	return f
}

func (d *disk) exists(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[name] != nil && !moved(name)
}

func (d *disk) remove(f string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.files, f)
	_ = os.Remove(f)
}

func (f *inode) readAt(b []byte, at int64) int {
	if at >= int64(len(f.bytes)) {
		return 0
	}
	return copy(b, f.bytes[at:])
}

// write is one call of the system: here a fault may happen.
func (d *disk) write(f *inode, b []byte, at int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.dead {
		return errDead
	}
	if err := d.trouble(); err != nil {
		return err
	}
	grows := at + int64(len(b)) - int64(len(f.bytes))
	if grows > 0 && d.room != never {
		if d.room < grows {
			d.tell(diskFull)
			return errFull
		}
		d.room -= grows
	}
	if grows > 0 {
		f.bytes = longer(f.bytes, int(grows))
	}
	copy(f.bytes[at:], b)
	for s := at / sector; s <= (at+int64(len(b))-1)/sector; s++ {
		f.dirty[int(s)] = true
	}
	return nil
}

// longer gives bytes with n zeros behind them, and room for as many again.
func longer(b []byte, n int) []byte {
	if cap(b)-len(b) < n {
		b = slices.Grow(b, n+len(b))
	}
	all := b[:len(b)+n]
	clear(all[len(b):])
	return all
}

func (d *disk) truncate(f *inode, size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.dead {
		return errDead
	}
	if size < int64(len(f.bytes)) {
		if d.room != never {
			d.room += int64(len(f.bytes)) - size
		}
		f.bytes = f.bytes[:size]
	}
	return nil
}

func (d *disk) sync(f *inode) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.dead {
		return errDead
	}
	if err := d.trouble(); err != nil {
		return err
	}
	f.settle(func(int) bool { return true })
	return nil
}

// settle makes the sectors durable that keep says, and the length with them.
func (f *inode) settle(keep func(sector int) bool) {
	for _, s := range slices.Sorted(maps.Keys(f.dirty)) {
		from, to := s*sector, min((s+1)*sector, len(f.bytes))
		if from >= to || !keep(s) {
			continue
		}
		if grow := to - len(f.durable); grow > 0 {
			f.durable = longer(f.durable, grow)
		}
		copy(f.durable[from:to], f.bytes[from:to])
	}
	if keep(-1) && len(f.durable) > len(f.bytes) {
		f.durable = f.durable[:len(f.bytes)]
	}
	clear(f.dirty)
}

var (
	errFull = errors.New("no room")
	errIO   = errors.New("the disk failed")
)

// trouble counts a call and gives the fault that happens at it. The caller
// holds mu.
func (d *disk) trouble() error {
	d.calls++
	for i := range d.plan {
		p := &d.plan[i]
		if p.in--; p.in > 0 {
			continue
		}
		what := p.what
		if p.in+p.lasts <= 0 {
			d.plan = slices.Delete(d.plan, i, i+1)
		}
		d.tell(what)
		switch what {
		case diskError:
			return errIO
		case diskFull:
			return errFull
		}
		d.halt(what == powerCut)
		return errDead
	}
	return nil
}

func (d *disk) tell(what fault) {
	if d.sprung != nil {
		d.sprung(what)
	}
}

// stop ends the machine between two calls.
func (d *disk) stop(power bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.halt(power)
}

// halt ends the machine: nothing of it reaches the disk any more, and the next
// one finds what is left. The caller holds mu.
func (d *disk) halt(power bool) {
	if d.done {
		return
	}
	d.done, d.plan, d.room = true, nil, never
	odds := d.rng.Float64()
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		old := d.files[name]
		old.dead = true
		left := newInode(name, old.bytes)
		if power {
			old.settle(func(int) bool { return d.rng.Float64() < odds })
			left = newInode(name, old.durable)
		}
		d.files[name] = left
	}
	if d.crashed != nil {
		d.crashed()
	}
}

// restart lets the next machine begin.
func (d *disk) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done, d.calls = false, 0
}

// order plans a fault.
func (d *disk) order(f diskFault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plan = append(d.plan, f)
}

// fill leaves room for so many bytes more.
func (d *disk) fill(room int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = room
}

// calm takes every planned fault away.
func (d *disk) calm() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plan, d.room = nil, never
}
