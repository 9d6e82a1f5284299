//go:build desktop || dev || bindings

package app

import "log/slog"

// quietLog keeps Wails' messages out of the log, but for errors by number: they
// may carry what a page or a call held.
type quietLog struct{}

func (quietLog) Print(string)   {}
func (quietLog) Trace(string)   {}
func (quietLog) Debug(string)   {}
func (quietLog) Info(string)    {}
func (quietLog) Warning(string) {}
func (quietLog) Error(string)   { slog.Error("window layer reports an error") }
func (quietLog) Fatal(string)   { slog.Error("window layer gave up") }
