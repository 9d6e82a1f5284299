package outbox

import (
	"time"

	"fernpost/store/desk"
)

// Progress is how many bytes of a running attempt have been handed over.
type Progress struct {
	Done, Total int64
}

// tellEvery bounds how often Changed is called.
const tellEvery = 250 * time.Millisecond

// Progress gives the running attempt's; zeros for an op that isn't being sent.
func (ob *Outbox) Progress(id desk.OpID) (done, total int64) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	p := ob.progress[id]
	return p.Done, p.Total
}

func (ob *Outbox) progressed(id desk.OpID, p Progress) {
	ob.mu.Lock()
	ob.progress[id] = p
	ob.mu.Unlock()
	ob.tell()
}

func (ob *Outbox) progressEnded(id desk.OpID) {
	ob.mu.Lock()
	_, had := ob.progress[id]
	delete(ob.progress, id)
	ob.mu.Unlock()
	if had {
		ob.tell()
	}
}

// tell calls Changed soon, once for all that happens until then.
func (ob *Outbox) tell() {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	if ob.told != nil {
		return
	}
	ob.told = time.AfterFunc(tellEvery, func() {
		ob.mu.Lock()
		ob.told = nil
		ob.mu.Unlock()
		ob.o.Changed()
	})
}
