package mail

import (
	"net"
	"slices"
)

// Stranded tells that the line stands on an address this computer no longer
// has: nothing will ever come back on it, though nobody hangs up. What can't be
// found out is no reason to give a line up.
func (s *Source) Stranded() bool {
	l := s.current()
	return l != nil && stranded(l.conn)
}

func stranded(c net.Conn) bool {
	own, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok || len(own.IP) == 0 || own.IP.IsUnspecified() {
		return false
	}
	all, err := net.InterfaceAddrs()
	if err != nil || len(all) == 0 {
		return false
	}
	return !slices.ContainsFunc(all, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && (n.IP.Equal(own.IP) || own.IP.IsLoopback() && n.IP.IsLoopback())
	})
}
