package store

import "golang.org/x/sys/unix"

// networkMagic are the file systems of statfs(2) whose bytes lie on another
// computer. FUSE is among them for sshfs, rclone and their like: what is local
// and mounted through FUSE (NTFS sticks) is a poor place for a database too.
var networkMagic = map[uint32]bool{
	unix.NFS_SUPER_MAGIC:  true,
	unix.SMB_SUPER_MAGIC:  true,
	unix.SMB2_SUPER_MAGIC: true,
	unix.CIFS_SUPER_MAGIC: true,
	unix.AFS_FS_MAGIC:     true,
	unix.AFS_SUPER_MAGIC:  true,
	unix.CODA_SUPER_MAGIC: true,
	unix.NCP_SUPER_MAGIC:  true,
	unix.V9FS_MAGIC:       true,
	unix.CEPH_SUPER_MAGIC: true,
	unix.FUSE_SUPER_MAGIC: true,
}

func onNetwork(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && networkMagic[uint32(st.Type)]
}
