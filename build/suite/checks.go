package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// The program's forms, below the root.
const (
	plainBinary  = "build/bin/fernpost-plain"
	windowBinary = "build/bin/fernpost"
	devBinary    = "build/bin/fernpost-dev"
	postOffice   = "build/bin/postoffice"
)

var toolPackages = []string{
	"github.com/golangci/golangci-lint/v2/cmd/golangci-lint",
	"github.com/nicksnyder/go-i18n/v2/goi18n",
	"golang.org/x/tools/cmd/deadcode",
	"mvdan.cc/gofumpt",
}

// toolPath is where a pinned tool lies: a folder named after the pins, so that
// a new pin is a new folder and an old one costs nothing to build again.
func toolPath(j *job, name string) string {
	pins, err := os.ReadFile(j.path("build", "tools", "tools.mod"))
	if err != nil {
		pins = nil // buildTools says so
	}
	sum := sha256.Sum256(pins)
	return j.path("build", "bin", "tools-"+hex.EncodeToString(sum[:6]), name)
}

// buildTools builds the pinned tools where they are missing. The first time it
// takes minutes.
func buildTools(ctx context.Context, j *job) error {
	missing := slices.ContainsFunc(toolPackages, func(p string) bool {
		_, err := os.Stat(toolPath(j, filepath.Base(p)))
		return err != nil
	})
	if !missing {
		return nil
	}
	args := []string{"build", "-modfile=build/tools/tools.mod", "-trimpath", "-ldflags", "-s -w", "-o", toolPath(j, "") + "/"}
	return j.goCommand(ctx, nil, append(args, toolPackages...)...)
}

// installModules runs npm ci unless the lock file is the one that was last
// installed.
func installModules(ctx context.Context, j *job) error {
	return j.run(ctx, command{line: []string{"bash", "build/modules.sh"}})
}

func checkFormat(ctx context.Context, j *job) error {
	files, err := goFiles(ctx, j)
	if err != nil {
		return err
	}
	var bad bytes.Buffer
	err = j.run(ctx, command{out: &bad, line: append([]string{toolPath(j, "gofumpt"), "-l", "-modpath", "fernpost"}, files...)})
	if err != nil {
		return err
	}
	if bad.Len() > 0 {
		return fmt.Errorf("not formatted (go tool -modfile=build/tools/tools.mod gofumpt -w FILE): %s",
			strings.Join(strings.Fields(bad.String()), " "))
	}
	return nil
}

// goFiles lists the Go files that git knows or would add.
func goFiles(ctx context.Context, j *job) ([]string, error) {
	return listFiles(ctx, j, "*.go")
}

// listFiles lists files that git knows or would add, below the root.
func listFiles(ctx context.Context, j *job, patterns ...string) ([]string, error) {
	var found bytes.Buffer
	line := append([]string{"git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, patterns...)
	if err := j.run(ctx, command{out: &found, line: line}); err != nil {
		return nil, err
	}
	var files []string
	for name := range strings.SplitSeq(found.String(), "\x00") {
		if _, err := os.Stat(j.path(name)); name != "" && err == nil {
			files = append(files, name)
		}
	}
	return files, nil
}

// checkReach asks for functions that neither the program nor the project's own
// tools reach. What only tests reach is as dead.
func checkReach(ctx context.Context, j *job) error {
	var found bytes.Buffer
	line := []string{toolPath(j, "deadcode"), "-tags", windowTags(), "-filter", "^fernpost"}
	if err := j.run(ctx, command{out: &found, line: append(append(line, "."), tools...)}); err != nil {
		return err
	}
	var dead []string
	for line := range strings.Lines(found.String()) {
		// Benchmarks lean on the tests' own servers, and use a part of them.
		if !strings.Contains(line, "/maillab/") && !strings.Contains(line, "/sourcetest/") {
			dead = append(dead, line)
		}
	}
	if len(dead) > 0 {
		return fmt.Errorf("nothing reaches:\n%s", strings.TrimSpace(strings.Join(dead, "")))
	}
	return nil
}

// checkBindings generates the bindings into a folder of its own and compares:
// the checkout is never touched.
func checkBindings(ctx context.Context, j *job) error {
	dir, err := os.MkdirTemp(j.logs, "bindings-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	generator := filepath.Join(dir, "generator")
	if err := j.goCommand(ctx, nil, "build", "-tags", "bindings", "-o", generator, "."); err != nil {
		return err
	}
	settings, err := os.ReadFile(j.path("wails.json"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "wails.json"), settings, 0o600); err != nil {
		return err
	}
	below, err := filepath.Rel(j.root, dir)
	if err != nil {
		return err
	}
	if err := j.run(ctx, command{dir: below, env: []string{"TMPDIR=" + dir}, line: []string{generator}}); err != nil {
		return err
	}
	const bridge = "frontend/src/bridge/wailsjs"
	err = j.run(ctx, command{line: []string{"diff", "-r", bridge, filepath.Join(dir, bridge)}})
	if err != nil {
		return fmt.Errorf("the bindings differ from app's services (`go run -tags bindings .` writes them anew): %w", err)
	}
	return nil
}

// checkTour runs the command line's tour and reads its own verdict.
func checkTour(ctx context.Context, j *job) error {
	var said bytes.Buffer
	if err := j.run(ctx, command{out: &said, line: []string{j.path(plainBinary), "tour", "--json"}}); err != nil {
		return fmt.Errorf("%w: %s", err, said.String())
	}
	lines := bytes.Split(bytes.TrimSpace(said.Bytes()), []byte("\n"))
	var last struct {
		SentOnce *bool `json:"sent_once"`
	}
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil {
		return fmt.Errorf("the tour's last line is no JSON: %w", err)
	}
	if last.SentOnce == nil || !*last.SentOnce {
		return fmt.Errorf("the reply was not sent exactly once: %s", lines[len(lines)-1])
	}
	return nil
}

// inScreen runs a line with a display and a session bus of its own. Everything
// stands inside one xvfb-run: a display in the background would orphan the app.
func inScreen(ctx context.Context, j *job, c command) error {
	c.line = append([]string{"xvfb-run", "-a", "-s", "-screen 0 1440x900x24", "dbus-run-session", "--"}, c.line...)
	return j.run(ctx, c)
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

const noBrowser = "there is no chromium here"

// runScreens drives every screen on the fake bridge. It needs no display.
func runScreens(ctx context.Context, j *job) error {
	if !installed("chromium") {
		j.skipped = noBrowser
		return nil
	}
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	c := playwright(j, "fake")
	// Another checkout may serve its screens at the usual one.
	c.env = append(c.env, "FERNPOST_PREVIEW_PORT="+port)
	return j.run(ctx, c)
}

func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// runEndToEnd drives the screen with the real inside behind it: the tests start
// the program themselves, so that they can kill it.
func runEndToEnd(ctx context.Context, j *job) error {
	if !installed("chromium") {
		j.skipped = noBrowser
		return nil
	}
	c := playwright(j, "real")
	c.env = append(c.env, "FERNPOST_DEV="+j.path(devBinary), "FERNPOST_POSTOFFICE="+j.path(postOffice))
	return inScreen(ctx, j, c)
}

// playwright runs one of the screen's two end-to-end suites.
func playwright(j *job, project string) command {
	return command{
		dir:  "frontend",
		env:  []string{"PLAYWRIGHT_JSON_OUTPUT_FILE=" + j.out(".json")},
		line: []string{"npm", "run", "--silent", "e2e", "--", "--project=" + project, "--reporter=list,json", "--output=" + j.out("")},
	}
}

func runHostile(ctx context.Context, j *job) error {
	if !installed("chromedriver") && !installed("WebKitWebDriver") {
		j.skipped = "there is no browser that can be driven here"
		return nil
	}
	return inScreen(ctx, j, command{line: []string{"go", "run", "./build/hostile", "-program", j.path(plainBinary)}})
}

func runSmoke(ctx context.Context, j *job) error {
	return inScreen(ctx, j, command{
		line: []string{"go", "run", "./build/smoke", "-program", j.path(windowBinary), "-pictures", j.logs},
	})
}
