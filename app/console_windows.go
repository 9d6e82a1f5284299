package app

import (
	"os"

	"golang.org/x/sys/windows"
)

// attachConsole joins the console of the shell that started the program: a
// window program has none of its own. Output that was redirected stays so.
func attachConsole() {
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if ok, _, _ := attach.Call(parent); ok == 0 {
		return
	}
	for _, f := range []struct {
		std  uint32
		file **os.File
	}{{windows.STD_OUTPUT_HANDLE, &os.Stdout}, {windows.STD_ERROR_HANDLE, &os.Stderr}} {
		if h, err := windows.GetStdHandle(f.std); err == nil && h != 0 && h != windows.InvalidHandle {
			continue // redirected
		}
		if console, err := os.OpenFile("CONOUT$", os.O_WRONLY, 0); err == nil {
			*f.file = console
		}
	}
}
