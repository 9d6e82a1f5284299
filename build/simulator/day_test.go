package simulator

import (
	"time"
)

// A day is a run with everything in it: people do what they do, things go
// wrong, and after each event the promises are held against the truth. In its
// evening nothing goes wrong any more: then everything must come to an end, or
// ask a person.

// Most days are short, because their beginning and their evening cost as much as
// their events; in a long one more can meet.
const eventsOfDay, eventsOfLongDay = 16, 36

func (r *run) events() int {
	if r.seed/4%16 == 0 { // each way of ending a day has long ones
		return eventsOfLongDay
	}
	return eventsOfDay
}

func day(r *run) {
	r.outside.exact = r.seed%4 == 3
	if r.outside.exact { // the account is another one from here on
		r.end()
		r.boot()
	}
	for range 2 {
		r.customerWrites("")
	}
	r.p.wake()
	r.sleep(20 * time.Second)
	for range r.events() {
		if r.p == nil || r.over() {
			break
		}
		if r.throw(100) < 68 {
			r.pick(lifeEvents)
		} else {
			r.pick(faultEvents)
		}
		r.sleep(r.pace())
		r.restartIfDown()
		if r.p == nil {
			return
		}
		r.always()
	}
	r.evening()
}

// pace is how long it is until the next event: mostly seconds, so that events
// meet, now and then minutes.
func (r *run) pace() time.Duration {
	switch r.throw(12) {
	case 0:
		return time.Duration(r.throw(10)) * time.Minute
	case 1, 2, 3:
		return time.Duration(r.throw(90)) * time.Second
	case 4, 5, 6:
		return time.Duration(r.throw(900)) * time.Millisecond
	default:
		return time.Duration(r.throw(15_000)) * time.Millisecond
	}
}

// over tells that something is broken already.
func (r *run) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.result.Broken) > 0
}

// calm ends every fault.
func (r *run) calm() {
	r.disk.calm()
	r.network.calm()
	r.world.calm()
	r.log("evening")
}

func (r *run) evening() {
	r.calm()
	if r.seed/4%2 == 0 {
		r.crash(false)
	}
	r.restartIfDown()
	if r.p == nil {
		return
	}
	r.calm()
	for range 30 {
		if r.settled() {
			break
		}
		r.agent.signsIn()
		r.sleep(time.Minute)
		r.agent.decides()
		r.sleep(3 * time.Minute)
		r.always()
		if r.over() {
			return
		}
	}
	r.finally()
}

// settled tells that nothing is open any more.
func (r *run) settled() bool {
	ops, err := r.p.store.OpenOps(r.Context())
	return err == nil && len(ops) == 0
}
