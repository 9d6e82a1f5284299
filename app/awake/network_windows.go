package awake

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// network has the system call back when an interface or an address changes
// (netioapi.h).
func network(ctx context.Context, changed func()) error {
	var links, addresses windows.Handle
	callback := windows.NewCallback(func(_, _ uintptr, _ uint32) uintptr {
		changed()
		return 0
	})
	errLinks := windows.NotifyIpInterfaceChange(windows.AF_UNSPEC, callback, nil, false, &links)
	errAddresses := windows.NotifyUnicastIpAddressChange(windows.AF_UNSPEC, callback, nil, false, &addresses)
	if errLinks == nil || errAddresses == nil {
		<-ctx.Done()
	}
	// Cancelling waits for calls that run.
	if errLinks == nil {
		errLinks = windows.CancelMibChangeNotify2(links)
	}
	if errAddresses == nil {
		errAddresses = windows.CancelMibChangeNotify2(addresses)
	}
	if err := errors.Join(errLinks, errAddresses); err != nil {
		return fmt.Errorf("listen to the network: %w", err)
	}
	return nil
}
