package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"fernpost/store/desk"
)

const folderName = "fernpost"

// DefaultDir is where data lies: FERNPOST_DATA, else the system's place for
// data that stays on this computer: XDG data, %LOCALAPPDATA% (never Roaming,
// which Windows copies over the network), Application Support.
func DefaultDir() (string, error) {
	return defaultDir(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func defaultDir(system string, env func(string) string, home func() (string, error)) (string, error) {
	if dir := env("FERNPOST_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if system == "windows" {
		if dir := env("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Fernpost"), nil
		}
		return "", desk.E(desk.KindNotFound, "find the data folder", errors.New("LOCALAPPDATA is not set"))
	}
	// The XDG specification has a relative path ignored.
	if dir := env("XDG_DATA_HOME"); system != "darwin" && filepath.IsAbs(dir) {
		return filepath.Join(dir, folderName), nil
	}
	dir, err := home()
	if err != nil {
		return "", desk.E(desk.KindNotFound, "find the data folder", err)
	}
	if system == "darwin" {
		return filepath.Join(dir, "Library", "Application Support", "Fernpost"), nil
	}
	return filepath.Join(dir, ".local", "share", folderName), nil
}

// FolderWarning says why dir is a poor place: "network" (locks and syncing
// can't be trusted there), "cloud" (another program copies the files while
// they change), or "". dir need not exist yet.
func FolderWarning(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	if resolved, err := filepath.EvalSymlinks(nearest(dir)); err == nil {
		if rest, err := filepath.Rel(nearest(dir), dir); err == nil {
			dir = filepath.Join(resolved, rest)
		}
	}
	if cloudPath(dir, os.Getenv) {
		return "cloud"
	}
	if onNetwork(nearest(dir)) {
		return "network"
	}
	return ""
}

// nearest gives the closest folder above dir, or dir itself, that exists.
func nearest(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

// cloudNames are the folders that syncing programs keep, in lower case, as
// whole names or as the beginning of one ("OneDrive - Example Ltd").
var cloudNames = []string{
	"onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud drive", "icloudrive", "iclouddrive",
	"mobile documents", "cloudstorage", "nextcloud", "owncloud", "pcloud", "pclouddrive", "box sync", "mega", "megasync",
	"syncthing", "seafile", "tresorit", "yandex.disk", "proton drive",
}

func cloudPath(dir string, env func(string) string) bool {
	for _, name := range []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"} {
		if root := env(name); root != "" && within(dir, root) {
			return true
		}
	}
	for _, part := range strings.FieldsFunc(strings.ToLower(dir), func(r rune) bool { return r == '/' || r == '\\' }) {
		for _, name := range cloudNames {
			if rest, ok := strings.CutPrefix(part, name); ok && (rest == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "-")) {
				return true
			}
		}
	}
	return false
}

func within(dir, root string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// makePrivate makes dir, and takes away what others may do in it.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil // on Windows the profile's own list of rights is inherited
	}
	return os.Chmod(dir, 0o700)
}

// privateFiles takes away what others may do with the store's own files.
func privateFiles(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	for _, name := range []string{mainFile, blobsFile, lockFile, runningFile} {
		for _, tail := range []string{"", "-wal", "-shm"} {
			err := os.Chmod(filepath.Join(dir, name+tail), 0o600)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// isPrivate tells whether nobody else may look into dir.
func isPrivate(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0)
}
