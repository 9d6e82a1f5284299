//go:build !dev

package app

import "time"

// wallClock is the computer's clock. The program that the tests in a browser
// drive has one that can be set.
func wallClock() time.Time { return time.Now() }

// takeOrders does nothing: only the program of these tests takes any.
func takeOrders(*Desk) {}
