//go:build unix && !linux

package store

import "golang.org/x/sys/unix"

// onNetwork asks the system itself, which knows its local file systems.
func onNetwork(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && uint64(st.Flags)&uint64(unix.MNT_LOCAL) == 0
}
