package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"fernpost/i18n"
	"fernpost/store"
	"fernpost/store/desk"
)

// Exit codes of the command line.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Build is what the linker and the embedder put into the binary.
type Build struct {
	Version string
	Screen  fs.FS // frontend/dist
}

// windowOptions is what a window is opened with.
type windowOptions struct {
	build Build
	dir   string
	clock desk.Clock
}

// terminal is where the command line reads and writes, and in whose words.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	words    *i18n.Words
	build    Build
}

// command is one word of the command line.
type command struct {
	name string
	run  func(t terminal, args []string) int
}

// commands lists them in the order help shows them.
func commands() []command {
	return []command{
		{"tour", runTour},
		{"doctor", runDoctor},
		{"inspect", runInspect},
		{"version", runVersion},
	}
}

// Main runs the program: with no command it opens the window.
func Main(args []string, build Build) int {
	attachConsole()
	words, err := i18n.New(i18n.System())
	if err != nil {
		panic(err) // the catalogues are embedded: a defect of the build
	}
	t := terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, words: words, build: build}
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(t, args[1:])
			}
		}
	}
	return runWindow(t, args)
}

// runWindow opens the window, or says why there is none and which commands work.
func runWindow(t terminal, args []string) int {
	flags, data := t.flags("")
	if code, ok := t.parse(flags, args); !ok {
		return code
	}
	if flags.NArg() > 0 {
		t.help()
		return exitUsage
	}
	dir, err := dataDir(*data)
	if err == nil {
		var stop func()
		if stop, err = startLog(dir); err == nil {
			defer stop()
			err = openWindow(windowOptions{build: t.build, dir: dir, clock: wallClock})
		}
	}
	if err == nil {
		return exitDone
	}
	t.complain(err)
	if desk.KindOf(err) == desk.KindNoWindow {
		t.help()
		return exitUsage
	}
	return exitFailed
}

func (t terminal) flags(name string) (flags *flag.FlagSet, data *string) {
	flags = flag.NewFlagSet("fernpost "+name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags, flags.String("data", "", "")
}

// parse gives the exit code when the arguments end the run.
func (t terminal) parse(flags *flag.FlagSet, args []string) (code int, ok bool) {
	switch err := flags.Parse(args); {
	case err == nil:
		return exitDone, true
	case errors.Is(err, flag.ErrHelp):
		t.help()
		return exitDone, false
	default:
		t.help()
		return exitUsage, false
	}
}

func (t terminal) help() {
	fmt.Fprintln(t.err, t.words.Say("cli.usage", nil))
	for _, c := range commands() {
		fmt.Fprintf(t.err, "  fernpost %-8s %s\n", c.name, t.words.Say("cli."+c.name, nil))
	}
}

// complain says an error in the person's words, with its kind and what was
// being done for a report.
func (t terminal) complain(err error) {
	kind := desk.KindOf(err)
	fmt.Fprintln(t.err, t.words.Say("error."+string(kind), nil))
	fmt.Fprintf(t.err, "(%s: %s)\n", kind, errorOp(err))
}

// dataDir gives the folder asked for, or the usual one.
func dataDir(asked string) (string, error) {
	if asked == "" {
		usual, err := store.DefaultDir()
		if err != nil {
			return "", err
		}
		asked = usual // FERNPOST_DATA may be relative too
	}
	dir, err := filepath.Abs(asked)
	if err != nil {
		return "", desk.E(desk.KindInvalid, "find data folder", err)
	}
	return dir, nil
}

// folderTag names a data folder without telling where it is.
func folderTag(dir string) string {
	sum := sha256.Sum256([]byte(filepath.Clean(dir)))
	return hex.EncodeToString(sum[:8])
}

// runVersion prints the version.
func runVersion(t terminal, args []string) int {
	flags, _ := t.flags("version")
	if code, ok := t.parse(flags, args); !ok {
		return code
	}
	fmt.Fprintln(t.out, "fernpost", t.build.Version)
	return exitDone
}
