package intake

import (
	"time"

	"fernpost/app/source"
)

// NetworkChanged tries a lost line at once: the computer may have a network
// again. While such tries fail they come no oftener than Patience allows, so
// that a network that comes and goes doesn't hammer the server; a change in
// between is tried when its time has come.
func (in *Intake) NetworkChanged() {
	in.mu.Lock()
	lost := !in.status.LostSince.IsZero()
	if !lost || in.hope != nil {
		in.late = lost
		in.mu.Unlock()
		return
	}
	in.hopes++
	in.hope = time.AfterFunc(source.Patience(in.hopes), in.hopeAgain)
	in.mu.Unlock()
	in.Wake()
}

// hopeAgain makes up for a change that came too soon after another.
func (in *Intake) hopeAgain() {
	in.mu.Lock()
	in.hope = nil
	late := in.late
	in.late = false
	in.mu.Unlock()
	if late {
		in.NetworkChanged()
	}
}
