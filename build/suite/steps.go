package main

import (
	"context"
	"os"
	"slices"
	"strings"
)

// Where there is Go code. `./...` would walk into node_modules.
var (
	product = []string{".", "./app/...", "./store/...", "./i18n/..."}
	tools   = []string{"./build/..."}
)

// Packages whose tests run under the race detector: those where goroutines meet.
var concurrent = []string{
	"./app", "./app/intake/...", "./app/outbox/...", "./app/source", "./app/source/mail", "./app/source/mail/find",
	"./app/source/mail/sift", "./app/practice/...", "./store/...",
}

// SQLite and its allocator are C turned into Go. The race detector finds nothing
// in them and would make them ten times as slow. No package that uses a generic
// function of the standard library may be spared, not even what lies between
// (modernc.org/libc, modernc.org/sqlite): the linker keeps one copy of such a
// function, and with an unwatched one the detector doesn't see what sync.Map
// puts in order; the caches of crypto/tls and encoding/json then look like races.
var sparing = []string{
	"-gcflags=modernc.org/sqlite/lib=-race=false", "-gcflags=modernc.org/memory=-race=false",
}

const (
	noCgo      = "CGO_ENABLED=0"
	forWindows = "GOOS=windows"
	forMac     = "GOOS=darwin"
)

// windowTags are the build tags of a program with a window on this machine;
// build/machine.sh knows which WebKitGTK there is.
func windowTags() string {
	if tags := os.Getenv("FERNPOST_TAGS"); tags != "" {
		return tags
	}
	return "desktop,production,webkit2_41"
}

// devTags are those of the program that serves its page to a browser as well.
func devTags() string {
	return strings.Replace(windowTags(), "desktop,production", "dev", 1)
}

// steps is everything there is to check. When several could begin, the first
// in this list does; so the long ones that others wait for stand in front. What
// compiles the program comes after the screen: it embeds it, and while the
// screen is built its folder is empty.
func steps() []step {
	all := []step{
		{name: "tools", what: "the pinned Go tools", when: onDemand, do: buildTools},
		{name: "modules", what: "the screen's packages", when: onDemand, do: installModules},
		{
			name: "screen", what: "the screen, built", when: onDemand, needs: []string{"modules"},
			do: func(ctx context.Context, j *job) error {
				return j.run(ctx, command{line: []string{"bash", "build/screen.sh"}})
			},
		},
	}
	all = append(all, raceStep())
	all = append(all, houseSteps()...)
	all = append(all, screenSteps()...)
	all = append(all, goSteps()...)
	return append(all, programSteps()...)
}

// raceStep takes the longest, so it begins first.
func raceStep() step {
	return step{
		name: "race", what: "Go tests under the race detector", after: []string{"screen"}, when: inFull,
		do: func(ctx context.Context, j *job) error {
			return testGo(ctx, j, slices.Concat([]string{"-race"}, sparing, concurrent))
		},
		count: countGoTests,
	}
}

// houseSteps look at the text of the project.
func houseSteps() []step {
	return []step{
		{name: "files", what: "sizes, shell and paths", when: always, do: checkFiles},
		{name: "format", what: "gofumpt", needs: []string{"tools"}, when: always, do: checkFormat},
		{
			name: "words", what: "catalogues complete", needs: []string{"tools"},
			when: always, do: checkCatalogues,
		},
		{
			name: "lint", what: "golangci-lint and the walls between packages",
			needs: []string{"tools"}, after: []string{"screen"}, when: always,
			do: func(ctx context.Context, j *job) error {
				line := []string{toolPath(j, "golangci-lint"), "run", "-c", "build/golangci.yml", "--build-tags", windowTags()}
				return j.run(ctx, command{line: append(append(line, product...), tools...)})
			},
		},
		{
			name: "reach", what: "no function that nothing reaches",
			needs: []string{"tools"}, after: []string{"screen"}, when: inTests, do: checkReach,
		},
	}
}

// screenSteps look at the screen's code.
func screenSteps() []step {
	script := func(name, script, what string) step {
		return step{
			name: name, what: what, needs: []string{"modules"}, when: always,
			do: func(ctx context.Context, j *job) error { return j.npm(ctx, script) },
		}
	}
	return []step{
		script("types", "check", "svelte-check"),
		script("eslint", "lint", "eslint"),
		script("prettier", "format:check", "prettier"),
		script("layers", "layers", "dependency-cruiser"),
		{
			name: "vitest", what: "tests of the screen's parts", needs: []string{"modules"}, when: inTests,
			do: func(ctx context.Context, j *job) error {
				return j.npm(ctx, "test", "--reporter=default", "--reporter=json", "--outputFile.json="+j.out(".json"))
			},
			count: func(j *job) (tally, error) { return countVitest(j.out(".json")) },
		},
	}
}

// goSteps look at the Go code on all three systems.
func goSteps() []step {
	vet := func(name, what string, env []string, args ...string) step {
		return step{
			name: name, what: what, after: []string{"screen"}, when: always,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, env, append([]string{"vet"}, args...)...)
			},
		}
	}
	everything := append(append([]string{}, product...), tools...)
	return []step{
		vet("vet", "go vet, as it ships on Linux", nil, append([]string{"-tags", windowTags()}, everything...)...),
		vet("vet-windows", "go vet, with the window on Windows", []string{noCgo, forWindows},
			append([]string{"-tags", "desktop,production"}, product...)...),
		vet("vet-mac", "go vet, without the window on macOS", []string{noCgo, forMac}, product...),
		{
			name: "tests", what: "Go tests of the other packages", after: []string{"screen"}, when: inFull,
			do: func(ctx context.Context, j *job) error {
				rest, err := otherPackages(ctx, j)
				if err != nil {
					return err
				}
				return testGo(ctx, j, rest)
			},
			count: countGoTests,
		},
		{
			name: "all-tests", what: "all Go tests, without the race detector",
			after: []string{"screen"}, when: onlyQuick,
			do:    func(ctx context.Context, j *job) error { return testGo(ctx, j, everything) },
			count: countGoTests,
		},
	}
}

// programSteps build the program in its forms and drive it.
func programSteps() []step {
	return []step{
		{
			name: "bindings", what: "generated bindings unchanged", after: []string{"screen"},
			when: inTests, do: checkBindings,
		},
		{
			name: "plain", what: "the program without a window", needs: []string{"screen"}, when: onDemand,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, []string{noCgo}, "build", "-o", plainBinary, ".")
			},
		},
		{
			name: "faults", what: "promises kept in a world that goes wrong", when: inTests,
			do: func(ctx context.Context, j *job) error {
				return j.run(ctx, command{line: []string{"bash", "build/faults", "--short"}})
			},
		},
		{name: "tour", what: "the main job, killed and restarted midway", needs: []string{"plain"}, when: inTests, do: checkTour},
		{
			name: "window", what: "the program as it ships", needs: []string{"screen"}, when: onDemand,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, nil, "build", "-tags", windowTags(), "-trimpath",
					"-ldflags", "-s -w", "-o", windowBinary, ".")
			},
		},
		{
			name: "windows", what: "the Windows program with its window", needs: []string{"screen"}, when: inTests,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, []string{noCgo, forWindows}, "build", "-tags", "desktop,production", "-trimpath",
					"-ldflags", "-s -w -H windowsgui", "-o", "build/bin/fernpost.exe", ".")
			},
		},
		{
			name: "dev", what: "the program that a browser can drive", needs: []string{"screen"}, when: onDemand,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, nil, "build", "-tags", devTags(), "-o", devBinary, ".")
			},
		},
		{
			name: "screens", what: "every screen in Chromium, on the fake bridge", needs: []string{"screen"},
			when: inFull, do: runScreens, count: countPlaywrightTests,
		},
		{
			name: "postoffice", what: "the mail servers of the tests in a browser", when: onDemand,
			do: func(ctx context.Context, j *job) error {
				return j.goCommand(ctx, nil, "build", "-o", postOffice, "./build/postoffice")
			},
		},
		{
			name: "e2e", what: "Chromium against the real inside", needs: []string{"dev", "postoffice"},
			when: inFull, do: runEndToEnd, count: countPlaywrightTests,
		},
		{
			name: "hostile", what: "hostile HTML in Chromium and WebKit: cleaned without a frame, and uncleaned in it", needs: []string{"plain"},
			when: inFull, do: runHostile,
		},
		{name: "smoke", what: "the shipped program's own WebKit", needs: []string{"window"}, when: inFull, do: runSmoke},
	}
}

func countPlaywrightTests(j *job) (tally, error) { return countPlaywright(j.out(".json")) }
