package mail

import (
	"net"
	"time"
)

const (
	// longestIdle is how long one IDLE lasts where nothing is known of the
	// network; servers may hang up after 30 minutes (RFC 2177).
	longestIdle = 25 * time.Minute
	// shortestIdle keeps an idle hour under 5 kB on the most forgetful network.
	shortestIdle = 2 * time.Minute
	// silent is from where on not hearing anything counts as a silence.
	silent = time.Minute
	// trials are how many silences must be lived through before a longer one is
	// tried.
	trials = 8
)

// silence is what is known of one network: after how long without a packet its
// routers forget a line. A line they forgot looks whole to both ends, and mail
// would stay unheard of until somebody speaks.
type silence struct {
	Wait   time.Duration `json:"wait"` // how long to be silent at most; 0: longestIdle
	Died   time.Duration `json:"died"` // the silence after which a line was dead
	DiedAt time.Time     `json:"died_at"`
	Good   int           `json:"good"` // silences of Wait that were lived through, in a row
}

func (s silence) wait() time.Duration {
	if s.Wait == 0 {
		return longestIdle
	}
	return s.Wait
}

// lived notes a silence after which the line still answered.
func (s *silence) lived(quiet time.Duration, now time.Time) {
	if s.Wait == 0 || quiet < s.Wait*9/10 {
		return
	}
	if s.Good++; s.Good < trials {
		return
	}
	s.Good = 0
	longer := min(s.Wait*5/4, longestIdle)
	if recent := now.Sub(s.DiedAt) < askAfresh; recent && longer >= s.Died {
		return // it is known to be too long
	}
	s.Wait = longer
}

// died notes a silence after which nobody answered.
func (s *silence) died(quiet time.Duration, now time.Time) {
	s.Wait = max(min(s.wait(), quiet)/2, shortestIdle)
	s.Died, s.DiedAt, s.Good = quiet, now, 0
}

// networkOf names the network that a connection leaves by: the address this
// computer has on it, without its last part.
func networkOf(c net.Conn) string {
	a, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	if v4 := a.IP.To4(); v4 != nil {
		return v4.Mask(net.CIDRMask(24, 32)).String()
	}
	return a.IP.Mask(net.CIDRMask(64, 128)).String()
}

// idleFor is how long a line on a network may be silent.
func (k *kept) idleFor(network string) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.data.Silence[network].wait()
}

// afterSilence notes how a line fared that was quiet for so long.
func (k *kept) afterSilence(network string, quiet time.Duration, alive bool) {
	if quiet < silent {
		return
	}
	k.edit(func(d *keptData) {
		s, known := d.Silence[network]
		if alive {
			s.lived(quiet, k.clock())
		} else {
			s.died(quiet, k.clock())
		}
		if !known && len(d.Silence) >= maxKept {
			clear(d.Silence)
		}
		d.Silence[network] = s
	})
}
