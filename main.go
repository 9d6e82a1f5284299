// Fernpost is a support inbox that keeps working when the line doesn't.
package main

import (
	"embed"
	"io/fs"
	"os"

	"fernpost/app"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "dev"

// A clean checkout holds only .gitkeep there; build/run puts the screen in.
//
//go:embed all:frontend/dist
var dist embed.FS

func main() {
	screen, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		panic(err) // embedded: a defect of the build
	}
	os.Exit(app.Main(os.Args[1:], app.Build{Version: version, Screen: screen}))
}
