// Package window drives the program as it ships: the same binary, the same
// engine, no test build. The smoke test and the benchmark use it. A program
// opens WebKit's remote inspector when an environment variable names an
// address; WebKitWebDriver can't attach to a window of Wails.
package window

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Program is a running Fernpost with a window.
type Program struct {
	Started time.Time
	addr    string // of the inspector
	cmd     *exec.Cmd
	said    bytes.Buffer
	ended   chan struct{}
}

// Start starts the program on a data folder; it is killed when ctx ends. It
// needs a display.
func Start(ctx context.Context, program, data string) (*Program, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := &Program{addr: addr, cmd: exec.CommandContext(ctx, program, "--data", data), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "WEBKIT_INSPECTOR_HTTP_SERVER="+addr)
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	p.Started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // how it ends is for the caller to see in what it said
		close(p.ended)
	}()
	return p, nil
}

func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Page connects to the window's page, as soon as there is one.
func (p *Program) Page(ctx context.Context) (*Page, error) { return dial(ctx, p.addr) }

const visiblePoll = 5 * time.Millisecond

// Visible waits until X shows the window, and says how long after the start
// that was, to about 10 ms. It needs xdotool.
func (p *Program) Visible(ctx context.Context) (time.Duration, error) {
	for {
		_, err := p.xWindow(ctx)
		if err == nil {
			return time.Since(p.Started), nil
		}
		if errors.Is(err, exec.ErrNotFound) {
			return 0, fmt.Errorf("xdotool is missing: %w", err)
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("wait for the window: %w", ctx.Err())
		case <-time.After(visiblePoll):
		}
	}
}

// xWindow gives the X number of the window that is shown. It needs xdotool.
func (p *Program) xWindow(ctx context.Context) (string, error) {
	found, err := exec.CommandContext(ctx, "xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(p.cmd.Process.Pid)).Output()
	first, _, _ := strings.Cut(strings.TrimSpace(string(found)), "\n")
	return first, err
}

// Shown tells whether X shows the window.
func (p *Program) Shown(ctx context.Context) bool {
	_, err := p.xWindow(ctx)
	return err == nil
}

// Type presses the keys of a text, as fast as X takes them: when it returns they
// are pressed, and the page may not have seen them yet.
func (p *Program) Type(ctx context.Context, text string) error {
	id, err := p.xWindow(ctx)
	if err != nil {
		return err
	}
	if err := exec.CommandContext(ctx, "xdotool", "windowfocus", "--sync", id).Run(); err != nil {
		return fmt.Errorf("give the window the keyboard: %w", err)
	}
	return exec.CommandContext(ctx, "xdotool", "type", "--delay", "1", text).Run()
}

// Click presses the first button of the mouse at a place in the window.
func (p *Program) Click(ctx context.Context, x, y int) error {
	id, err := p.xWindow(ctx)
	if err != nil {
		return err
	}
	return exec.CommandContext(ctx, "xdotool", "mousemove", "--window", id, strconv.Itoa(x), strconv.Itoa(y), "click", "1").Run()
}

// Ended waits until the program has ended by itself.
func (p *Program) Ended(ctx context.Context) error {
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of the program: %w", ctx.Err())
	}
}

// patienceToEnd is how long a program may take to close its store.
const patienceToEnd = 10 * time.Second

// Stop ends the program as closing the window does, and by force if it doesn't
// listen. It gives what the program said on stdout and stderr.
func (p *Program) Stop() string {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patienceToEnd):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	return p.said.String()
}

// Memory is what the program and all its helpers hold, in bytes: proportional
// set size, so that what processes share counts once (Linux, smaps_rollup).
func (p *Program) Memory() (int64, error) {
	children, err := childrenOf()
	if err != nil {
		return 0, err
	}
	var sum int64
	for todo := []int{p.cmd.Process.Pid}; len(todo) > 0; todo = todo[1:] {
		n, err := proportional(todo[0])
		if err != nil {
			return 0, err
		}
		sum += n
		todo = append(todo, children[todo[0]]...)
	}
	return sum, nil
}

// childrenOf reads who started whom from /proc.
func childrenOf() (map[int][]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …; the name may hold spaces and brackets
		pid, _, _ := strings.Cut(string(stat), " ")
		after := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		child, err1 := strconv.Atoi(pid)
		parent, err2 := strconv.Atoi(after[1])
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		children[parent] = append(children[parent], child)
	}
	return children, nil
}

func proportional(pid int) (int64, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(rollup)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "Pss:" {
			kB, err := strconv.ParseInt(fields[1], 10, 64)
			return kB * 1024, err
		}
	}
	return 0, fmt.Errorf("process %d has no Pss", pid)
}
