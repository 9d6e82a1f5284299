package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"

	"gopkg.in/natefinch/lumberjack.v2"

	"fernpost/store/desk"
)

const (
	logMegabytes = 5 // two files of it at most
	logBackups   = 1
)

// startLog sends the log to the data folder: at most 10 MB, constant messages,
// and nothing personal. A crash of the whole program leaves its stack in crash.txt
// beside it.
func startLog(dir string) (stop func(), err error) {
	folder := filepath.Join(dir, "logs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, desk.E(desk.KindPermission, "open log", err)
	}
	out := &lumberjack.Logger{
		Filename: filepath.Join(folder, "fernpost.log"), MaxSize: logMegabytes, MaxBackups: logBackups,
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(out, nil)))
	if crash, err := os.OpenFile(filepath.Join(folder, "crash.txt"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err == nil {
		_ = debug.SetCrashOutput(crash, debug.CrashOptions{})
		_ = crash.Close() // the runtime keeps its own handle
	}
	return func() { _ = out.Close() }, nil
}
