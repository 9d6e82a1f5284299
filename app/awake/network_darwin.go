package awake

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// network listens on a routing socket (route(4)): every message is about a
// link, an address or a route.
func network(ctx context.Context, changed func()) error {
	fd, err := unix.Socket(unix.AF_ROUTE, unix.SOCK_RAW, unix.AF_UNSPEC)
	if err != nil {
		return fmt.Errorf("listen to the network: %w", err)
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return fmt.Errorf("listen to the network: %w", err)
	}
	file := os.NewFile(uintptr(fd), "route")
	stop := context.AfterFunc(ctx, func() { _ = file.Close() })
	defer func() {
		stop()
		_ = file.Close()
	}()
	buf := make([]byte, 4096)
	for {
		if _, err := file.Read(buf); err != nil {
			return err
		}
		changed()
	}
}

// sleep has nobody to ask without cgo: the clock's gap tells.
func sleep(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return nil
}
