package mail

import (
	"errors"
	"syscall"
)

// Winsock has numbers of its own (WSAECONNREFUSED).
const wsaRefused = syscall.Errno(10061)

func refusedElsewhere(err error) bool { return errors.Is(err, wsaRefused) }
