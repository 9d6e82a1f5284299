package app

import (
	"testing/synctest"
	"time"
)

// sleep lets the bubble's time pass and everybody in it finish.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
