package awake

import (
	"context"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	resumedByItself      = 0x12 // PBT_APMRESUMEAUTOMATIC: comes after every sleep
	deviceNotifyCallback = 2    // DEVICE_NOTIFY_CALLBACK
)

var (
	powrprof        = windows.NewLazySystemDLL("powrprof.dll")
	registerPower   = powrprof.NewProc("PowerRegisterSuspendResumeNotification")
	unregisterPower = powrprof.NewProc("PowerUnregisterSuspendResumeNotification")
)

// powerCall is DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS of powrprof.h.
type powerCall struct {
	callback uintptr
	context  uintptr
}

// sleep has the system call back when the computer wakes. It needs no window,
// and exists from Windows 8 on; before that the clock's gap tells.
func sleep(ctx context.Context, woke func()) error {
	if err := registerPower.Find(); err != nil {
		return fmt.Errorf("listen for sleep: %w", err)
	}
	call := &powerCall{callback: windows.NewCallback(func(_ uintptr, what uint32, _ uintptr) uintptr {
		if what == resumedByItself {
			woke()
		}
		return 0
	})}
	var handle uintptr
	status, _, _ := registerPower.Call(deviceNotifyCallback, uintptr(unsafe.Pointer(call)), uintptr(unsafe.Pointer(&handle)))
	if status != 0 {
		return fmt.Errorf("listen for sleep: %w", windows.Errno(status))
	}
	<-ctx.Done()
	_, _, _ = unregisterPower.Call(handle)
	runtime.KeepAlive(call)
	return nil
}
