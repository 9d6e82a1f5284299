package awake

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// The signal that systemd-logind and elogind send before and after a sleep
// (org.freedesktop.login1(5)). Its argument is true before.
const (
	loginPath      = "/org/freedesktop/login1"
	loginInterface = "org.freedesktop.login1.Manager"
	loginMember    = "PrepareForSleep"
)

// sleep listens on the system's bus.
func sleep(ctx context.Context, woke func()) error {
	bus, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("reach the system bus: %w", err)
	}
	defer func() { _ = bus.Close() }()
	return listen(ctx, bus, woke)
}

// listen ends with the bus or with ctx.
func listen(ctx context.Context, bus *dbus.Conn, woke func()) error {
	signals := make(chan *dbus.Signal, 8)
	bus.Signal(signals)
	err := bus.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(loginPath),
		dbus.WithMatchInterface(loginInterface), dbus.WithMatchMember(loginMember))
	if err != nil {
		return fmt.Errorf("listen for sleep: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case s, open := <-signals:
			if !open {
				return errors.New("the bus went away")
			}
			if s.Path != loginPath || s.Name != loginInterface+"."+loginMember || len(s.Body) != 1 {
				continue
			}
			if before, ok := s.Body[0].(bool); ok && !before {
				woke()
			}
		}
	}
}
