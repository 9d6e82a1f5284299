//go:build linux

package awake

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// alone is set in a child of the test that has a network of its own.
const alone = "FERNPOST_ALONE"

func TestTheKernelTellsOfTheNetwork(t *testing.T) {
	if os.Getenv(alone) != "" {
		hearsOwnNetwork(t)
		return
	}
	// A user and a network of its own need no rights and touch nobody's.
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheKernelTellsOfTheNetwork$", "-test.v")
	child.Env = append(os.Environ(), alone+"=1")
	child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		child.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		child.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		child.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func hearsOwnNetwork(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan Event, 10)
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, Options{Clock: time.Now, Tell: func(e Event) { events <- e }})
	}()
	for _, up := range []bool{true, false, true} {
		// The socket may not listen yet: what it hears is told within 5 s.
		deadline := time.After(30 * time.Second)
		for heard := false; !heard; {
			setLoopback(t, up)
			select {
			case e := <-events:
				if heard = e == Network; !heard {
					t.Errorf("told %v", e)
				}
			case <-time.After(3 * time.Second):
				setLoopback(t, !up)
			case <-deadline:
				t.Fatal("nobody told")
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// setLoopback switches the loopback link on or off: netdevice(7).
func setLoopback(t *testing.T, up bool) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	request, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	if up {
		request.SetUint16(unix.IFF_UP)
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		t.Fatal(err)
	}
}

// news is one message of the kernel.
func news(kind uint16) []byte {
	b := make([]byte, syscall.SizeofNlMsghdr+4)
	h := (*syscall.NlMsghdr)(unsafe.Pointer(&b[0]))
	h.Len, h.Type = uint32(len(b)), kind
	return b
}

func TestWhichNewsMatter(t *testing.T) {
	for name, c := range map[string]struct {
		news []byte
		want int
	}{
		"an address comes":        {news(unix.RTM_NEWADDR), 1},
		"an address goes":         {news(unix.RTM_DELADDR), 1},
		"a route goes":            {news(unix.RTM_DELROUTE), 1},
		"a cable is pulled":       {news(unix.RTM_NEWLINK), 1},
		"a neighbour is found":    {news(unix.RTM_NEWNEIGH), 0},
		"nothing":                 {news(unix.NLMSG_NOOP), 0},
		"several, one matters":    {append(news(unix.RTM_NEWNEIGH), news(unix.RTM_NEWROUTE)...), 1},
		"what makes no sense":     {[]byte("garbage that is long enough"), 1},
		"a length beyond the end": {append([]byte{255, 255, 0, 0}, news(unix.RTM_NEWNEIGH)[4:]...), 1},
	} {
		t.Run(name, func(t *testing.T) {
			r, w := io.Pipe()
			go func() {
				_, _ = w.Write(c.news)
				_ = w.CloseWithError(unix.ENOBUFS)
			}()
			got := 0
			reader := &dropsOnce{Reader: r}
			if err := hear(reader, func() { got++ }); !errors.Is(err, io.EOF) {
				t.Errorf("ended with %v", err)
			}
			if got != c.want+1 { // one more for what the kernel dropped
				t.Errorf("%d changes, want %d", got, c.want+1)
			}
		})
	}
}

// dropsOnce ends after the kernel has once said that it dropped news.
type dropsOnce struct {
	io.Reader
	dropped bool
}

func (d *dropsOnce) Read(b []byte) (int, error) {
	if d.dropped {
		return 0, io.EOF
	}
	n, err := d.Reader.Read(b)
	d.dropped = err != nil
	return n, err
}

func TestTheLoginServiceTellsOfSleep(t *testing.T) {
	address := startBus(t)
	ours, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	login, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = login.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	woke := make(chan struct{}, 100)
	ended := make(chan error, 1)
	go func() { ended <- listen(ctx, ours, func() { woke <- struct{}{} }) }()
	tell := func(path dbus.ObjectPath, member string, values ...any) {
		t.Helper()
		if err := login.Emit(path, loginInterface+"."+member, values...); err != nil {
			t.Fatal(err)
		}
	}
	// The match may not stand yet: it is told until it hears.
	for heard := false; !heard; {
		tell(loginPath, loginMember, false)
		select {
		case <-woke:
			heard = true
		case <-time.After(50 * time.Millisecond):
		}
	}
	for late := true; late; { // what was told before it was heard
		select {
		case <-woke:
		case <-time.After(300 * time.Millisecond):
			late = false
		}
	}
	tell(loginPath, loginMember, true)           // falls asleep
	tell(loginPath, "PrepareForShutdown", false) // something else
	tell(loginPath, loginMember, "yes")          // makes no sense
	tell(loginPath, loginMember)                 // nor does this
	tell("/org/freedesktop/other", loginMember, false)
	tell(loginPath, loginMember, false)
	<-woke
	time.Sleep(100 * time.Millisecond)
	for extra := len(woke); extra > 0; extra-- {
		<-woke
		t.Error("woke without a reason")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = ours.Close()
}

func TestABusThatGoesAwayIsSaid(t *testing.T) {
	bus, err := dbus.Connect(startBus(t))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- listen(t.Context(), bus, func() {}) }()
	_ = bus.Close()
	if err := <-ended; err == nil {
		t.Error("said nothing")
	}
}

// startBus runs a bus of the test's own.
func startBus(t *testing.T) (address string) {
	t.Helper()
	bus := exec.CommandContext(t.Context(), "dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bus.Process.Kill()
		_ = bus.Wait()
	})
	buf := make([]byte, 500)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(buf[:n]))
}
