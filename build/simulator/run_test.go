package simulator

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"

	"fernpost/store"
	"fernpost/store/desk"
)

// run is one seed at work.
type run struct {
	*testing.T
	seed    uint64
	rng     *rand.Rand
	began   time.Time
	world   *world
	network *network
	disk    *disk
	clock   *skewed
	outside outside
	p       *program // nil while it isn't running
	boots   int
	ears    *ears
	imap    *imapserver.Server
	smtp    *smtp.Server
	looks   looks
	agent   agent
	plain   bool // replies are like each other: the line alone differs

	mu       sync.Mutex
	crashed  bool
	marks    marks // as they were when the machine stopped
	replays  *rand.Rand
	heads    map[string]bool     // Message-IDs that were stored for good
	verified map[int64]time.Time // wall clock of a page, in ms → when that was
	result   result
	trace    []string
	moment   time.Duration // of the last line
	inMoment int           // lines of it
}

// result is what a run saw.
type result struct {
	Faults map[fault]int  `json:"faults"`
	States map[string]int `json:"states"`
	Edges  map[string]int `json:"edges"`
	Counts map[string]int `json:"counts"`
	Broken []broken       `json:"broken"`
	trace  []string
}

// broken is an invariant that didn't hold.
type broken struct {
	Invariant string `json:"invariant"`
	Seed      uint64 `json:"seed"`
	Said      string `json:"said"`
}

// lab is what the runs of one process share: a folder, and a disk as a new
// account finds it.
type lab struct {
	dir   string
	image map[string][]byte
}

// newLab makes the disk that every run begins with.
func newLab(t *testing.T) *lab {
	useDisk()
	l := &lab{dir: t.TempDir()}
	l.do(t, 0, func(r *run) {
		r.must(r.p.store.PutAccount(r.Context(), desk.Account{
			ID: account, Kind: desk.AccountMail, Address: desk.Address{Addr: ownAddress},
			State: desk.AccountOK, Settings: settings.Marshal(), Created: time.Now(),
		}))
		r.end()
		l.image = r.disk.image()
	})
	return l
}

// do makes one run in a bubble of fake time.
func (l *lab) do(t *testing.T, seed uint64, do func(r *run)) (out result) {
	t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
		cryptotest.SetGlobalRandom(t, seed)
		synctest.Test(t, func(t *testing.T) {
			r := l.begin(t, seed)
			r.boot()
			if r.p != nil {
				do(r)
			}
			r.end()
			r.network.close()
			_ = r.imap.Close()
			_ = r.smtp.Close()
			r.result.trace = r.trace
			out = r.result
			if *verbose || len(out.Broken) > 0 && *single >= 0 {
				fmt.Fprintf(os.Stderr, "%s\n\nlog:\n%s", strings.Join(r.trace, "\n"), r.ears.heard())
			}
		})
	})
	return out
}

func (l *lab) begin(t *testing.T, seed uint64) *run {
	r := &run{
		T: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), replays: rand.New(rand.NewPCG(seed, 2)), began: time.Now(),
		world: newWorld(), network: newNetwork(), clock: &skewed{}, ears: &ears{}, looks: looks{last: map[string]time.Time{}},
		heads: map[string]bool{}, verified: map[int64]time.Time{},
		result: result{Faults: map[fault]int{}, States: map[string]int{}, Edges: map[string]int{}, Counts: map[string]int{}},
	}
	marks{}.restore(l.dir)
	r.disk = newDisk(rand.New(rand.NewPCG(seed, 3)), l.image)
	r.disk.sprung, r.disk.crashed = r.hit, r.down
	r.network.sprung = r.hit
	r.world.payload = r.agent.payload
	r.agent.r, r.agent.begun = r, make(chan desk.OpID, 1)
	r.outside = outside{
		dir: l.dir, clock: r.clock.now, network: r.network, world: r.world, log: slog.New(slog.NewTextHandler(r.ears, nil)), r: r,
	}
	slog.SetDefault(r.outside.log)
	at.Store(r.disk)
	r.imap, r.smtp = r.world.imap(), r.world.smtp()
	go func() { _ = r.imap.Serve(r.network.ports["imap"]) }()
	go func() { _ = r.smtp.Serve(r.network.ports["smtp"]) }()
	synctest.Wait() // the libraries' Close must not meet their own Serve starting
	return r
}

// boot starts the program, as often as it takes: its disk may fail again.
func (r *run) boot() {
	for try := range 6 {
		if try == 4 {
			r.disk.calm()
		}
		r.boots++
		p, err := start(r.Context(), r.outside, r.boots)
		r.log("start: %v", desk.KindOf(err))
		switch {
		case err == nil:
			r.p = p
			return
		case desk.KindOf(err) == desk.KindDamaged:
			r.violate("a database survives", "%v", err)
			return
		}
		r.clean()
		r.sleep(time.Second)
	}
	r.violate("the program starts again", "it did not, on a disk without faults")
}

// clean makes the machine ready for the next program.
func (r *run) clean() {
	if r.isDown() {
		r.marks.restore(r.outside.dir)
	}
	r.mu.Lock()
	r.crashed = false
	r.mu.Unlock()
	r.disk.restart()
	r.network.revive()
}

// marks are the store's small files beside its databases, which lie on the real
// disk: what a program does with them after its machine stopped never happened.
type marks map[string][]byte

// lasting are those that a run leaves to the next.
var lasting = []string{"lock", "reserve"}

func marksIn(dir string) marks {
	m := marks{}
	all, _ := os.ReadDir(dir)
	for _, f := range all {
		if !slices.Contains(lasting, f.Name()) && f.Type().IsRegular() {
			m[f.Name()], _ = os.ReadFile(filepath.Join(dir, f.Name()))
		}
	}
	return m
}

func (m marks) restore(dir string) {
	for name := range marksIn(dir) {
		if _, there := m[name]; !there {
			_ = os.Remove(filepath.Join(dir, name))
		}
	}
	for name, data := range m {
		_ = os.WriteFile(filepath.Join(dir, name), data, 0o600)
	}
}

// down is called when the machine stops, by whoever happened to write.
func (r *run) down() {
	r.mu.Lock()
	r.crashed = true
	lost := r.replays.IntN(2) == 0
	r.marks = marksIn(r.outside.dir)
	r.mu.Unlock()
	r.network.kill(lost)
}

func (r *run) isDown() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.crashed
}

// crash stops the machine now.
func (r *run) crash(power bool) {
	what := killedIdle
	if power {
		what = powerCutIdle
	}
	r.hit(what)
	r.disk.stop(power)
}

// restartIfDown clears up after a crash, and starts the program again.
func (r *run) restartIfDown() {
	if !r.isDown() {
		return
	}
	r.log("down")
	if r.p != nil {
		_ = r.p.stop()
		r.p = nil
	}
	r.clean()
	r.boot()
}

// end closes the program, if it runs.
func (r *run) end() {
	if r.p != nil {
		_ = r.p.stop()
		r.p = nil
	}
}

func (r *run) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (r *run) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// throw draws a number below n.
func (r *run) throw(n int) int { return r.rng.IntN(n) }

func (r *run) throwReplay() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replays.IntN(6) == 0
}

// mostInAMoment is how much may happen before time passes: what goes on for ever
// at one moment would never come to an end, as nothing is waited for.
const mostInAMoment = 2000

// log writes a line of the trace. It holds nothing that isn't the same in every
// run of the seed.
func (r *run) log(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Since(r.began)
	if now != r.moment {
		r.moment, r.inMoment = now, 0
	}
	if r.inMoment++; r.inMoment > mostInAMoment {
		panic(fmt.Sprintf("%d things happened and no time passed, the last: %s", r.inMoment, fmt.Sprintf(format, args...)))
	}
	r.trace = append(r.trace, fmt.Sprintf("%10.3f ", now.Seconds())+fmt.Sprintf(format, args...))
}

// hit counts a fault that took effect.
func (r *run) hit(f fault) {
	r.mu.Lock()
	r.result.Faults[f]++
	r.mu.Unlock()
	r.log("fault: %s", f)
}

func (r *run) count(what string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Counts[what] += n
}

// step counts a step of an op.
func (r *run) step(id desk.OpID, from, to desk.OpState, why string) {
	r.mu.Lock()
	r.result.States[string(to)]++
	if from != to {
		r.result.Edges[string(from)+">"+string(to)]++
	}
	r.mu.Unlock()
	r.log("%s %s > %s %s", r.agent.name(id), from, to, why)
}

// stored remembers the mails of a page that is on the disk.
func (r *run) stored(p store.Page) {
	when := r.clock.truly(p.Verified)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verified[p.Verified.UnixMilli()] = when
	for _, a := range p.Items {
		if a.Head != nil {
			r.heads[a.Head.HeaderID] = true
		}
	}
}

// perhapsStored is for a page whose transaction the machine's end fell into:
// nobody knows whether it is there.
func (r *run) perhapsStored(p store.Page) {
	if r.isDown() {
		r.stored(p)
	}
}

// verifiedAt gives when it truly was that a page came that names this time.
func (r *run) verifiedAt(wall time.Time) (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	when, ok := r.verified[wall.UnixMilli()]
	return when, ok
}

func (r *run) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.heads[id]
}

// violate records that an invariant doesn't hold. A run goes on, so that its
// bubble ends in order.
func (r *run) violate(invariant, format string, args ...any) {
	said := fmt.Sprintf(format, args...)
	r.log("BROKEN %s: %s", invariant, said)
	r.mu.Lock()
	defer r.mu.Unlock()
	same := func(b broken) bool { return b.Invariant == invariant }
	if !slices.ContainsFunc(r.result.Broken, same) {
		r.result.Broken = append(r.result.Broken, broken{invariant, r.seed, said})
	}
}

// ears hear what the program logs.
type ears struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (e *ears) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text.Write(b)
}

func (e *ears) heard() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text.String()
}
