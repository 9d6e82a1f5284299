package mail

import "time"

// silence is what is known of how long a line may be silent on one network.
type silence struct {
	Lived time.Duration `json:"lived"`
	Died  time.Duration `json:"died"`
}
