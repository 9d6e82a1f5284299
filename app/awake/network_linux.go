package awake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// network listens to the kernel's own news of links, addresses and routes
// (rtnetlink(7)). It needs no rights.
func network(ctx context.Context, changed func()) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("listen to the network: %w", err)
	}
	news := &unix.SockaddrNetlink{
		Family: unix.AF_NETLINK,
		Groups: unix.RTMGRP_LINK | unix.RTMGRP_IPV4_IFADDR | unix.RTMGRP_IPV6_IFADDR |
			unix.RTMGRP_IPV4_ROUTE | unix.RTMGRP_IPV6_ROUTE,
	}
	if err := unix.Bind(fd, news); err != nil {
		_ = unix.Close(fd)
		return fmt.Errorf("listen to the network: %w", err)
	}
	file := os.NewFile(uintptr(fd), "netlink")
	stop := context.AfterFunc(ctx, func() { _ = file.Close() })
	defer func() {
		stop()
		_ = file.Close()
	}()
	return hear(file, changed)
}

// newsSize is more than the kernel puts into one message.
const newsSize = 64 << 10

// hear reads news until the reader ends. News that can't be read may have been
// any.
func hear(r io.Reader, changed func()) error {
	buf := make([]byte, newsSize)
	for {
		n, err := r.Read(buf)
		switch {
		case errors.Is(err, unix.ENOBUFS): // the kernel dropped some
			changed()
			continue
		case err != nil:
			return err
		}
		if messages, err := syscall.ParseNetlinkMessage(buf[:n]); err != nil || matter(messages) {
			changed()
		}
	}
}

func matter(messages []syscall.NetlinkMessage) bool {
	for _, m := range messages {
		switch m.Header.Type {
		case unix.RTM_NEWLINK, unix.RTM_DELLINK, unix.RTM_NEWADDR, unix.RTM_DELADDR, unix.RTM_NEWROUTE, unix.RTM_DELROUTE:
			return true
		}
	}
	return false
}
