package desk

import "time"

// Clock tells the time of day. It is handed in, never read from the system
// inside an engine, so that tests can make the wall clock jump.
type Clock func() time.Time
