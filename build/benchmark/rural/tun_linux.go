package rural

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// The addresses are of the block for benchmarks (RFC 2544).
const (
	serverEnd = "198.18.77.1"
	deskEnd   = "198.18.77.2"
	mtu       = 1500
)

// Lay lays the line. seed decides which packets are lost. Without root, or
// without TUN devices, it is a line that a relay must make: see Line.Real.
func Lay(ctx context.Context, s Stage, seed uint64) *Line {
	s.Helper()
	if os.Getuid() != 0 {
		return &Line{Host: "127.0.0.1"}
	}
	name := fmt.Sprintf("fp%d", os.Getpid())
	server, err := openTUN(name + "s")
	if err != nil {
		return &Line{Host: "127.0.0.1"}
	}
	far, err := openTUN(name + "d")
	if err != nil {
		s.Fatalf("lay a line: %v", err)
	}
	s.Cleanup(func() {
		_ = server.Close()
		_ = far.Close()
		_ = exec.CommandContext(context.WithoutCancel(ctx), "ip", "netns", "del", name).Run()
	})
	for _, line := range []string{
		"netns add " + name,
		"link set " + name + "d netns " + name,
		"addr add " + serverEnd + " peer " + deskEnd + " dev " + name + "s",
		"link set " + name + "s up",
		"-n " + name + " addr add " + deskEnd + " peer " + serverEnd + " dev " + name + "d",
		"-n " + name + " link set " + name + "d up",
		"-n " + name + " link set lo up",
	} {
		if out, err := exec.CommandContext(ctx, "ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			s.Fatalf("ip %s: %v: %s", line, err, out)
		}
	}
	l := &Line{Host: serverEnd, namespace: name}
	go l.carry(server, far, rand.New(rand.NewPCG(seed, 1)), &l.down, &l.downP)
	go l.carry(far, server, rand.New(rand.NewPCG(seed, 2)), &l.up, &l.upP)
	return l
}

// openTUN makes a device whose packets come out of the file, and go into it.
func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	req, err := unix.NewIfreq(name)
	if err != nil {
		return nil, err
	}
	req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, req); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil // non-blocking: Go's poller waits
}

type packet struct {
	bytes []byte
	due   time.Time
}

// carry moves packets one way until the devices close.
func (l *Line) carry(from, to *os.File, rng *rand.Rand, bytes, packets *atomic.Int64) {
	under := make(chan packet, 4096)
	defer close(under)
	go func() {
		for p := range under {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err == nil {
				bytes.Add(int64(len(p.bytes)))
				packets.Add(1)
			}
		}
	}()
	var free time.Time // when the line has sent what it was given
	for {
		buf := make([]byte, mtu)
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if buf[0]>>4 != 4 {
			continue // the kernel looks for IPv6 neighbours; nobody measures that
		}
		now := time.Now()
		if free.Before(now) {
			free = now
		}
		if free.Sub(now)*Rate > Queue*time.Second {
			l.lost.Add(1)
			continue
		}
		free = free.Add(time.Duration(n) * time.Second / Rate)
		if rng.Float64() < Loss {
			l.lost.Add(1)
			continue
		}
		under <- packet{buf[:n], free.Add(Delay)}
	}
}
