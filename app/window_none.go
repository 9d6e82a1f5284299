//go:build !desktop && !dev && !bindings

package app

import "fernpost/store/desk"

// openWindow of a build without a window says so. The commands work.
func openWindow(windowOptions) error { return desk.E(desk.KindNoWindow, "open window", nil) }

// hasWindow: this build can't open one.
const hasWindow = false
