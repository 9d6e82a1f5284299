package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// exportReplies writes the replies of an account that haven't left for sure into
// a folder, one file each, and says how many. A file that is there already stays
// as it is. What stands in the outbox doesn't change.
func (d *Desk) exportReplies(ctx context.Context, id desk.AccountID, folder string) (n int, err error) {
	st, err := d.station(id)
	if err != nil {
		return 0, err
	}
	open, err := d.store.OpenOps(ctx)
	if err != nil {
		return 0, err
	}
	for _, op := range open {
		if op.Account != id || op.Kind != desk.OpReply {
			continue
		}
		if err := writeNew(folder, exportName(op), func(w io.Writer) error {
			return st.source.WriteMail(ctx, source.Submission{ID: op.ID, Kind: op.Kind, Payload: op.Payload}, w)
		}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// exportName tells a person which reply it is.
func exportName(op desk.Op) string {
	whom := op.To.Name
	if whom == "" {
		whom = op.To.Addr
	}
	name := strings.Join([]string{op.Created.Local().Format("2006-01-02 15.04"), whom, op.Subject}, " ")
	name = strings.NewReplacer("/", "-", `\`, "-").Replace(name) // no path, and nothing of a name lost
	return mailtext.SafeFileName(name + ".eml")
}

// numbered is how many files of one name there may be.
const numbered = 1000

// writeNew writes a file under a name that is free. One that can't be finished
// is taken away again.
func writeNew(folder, name string, write func(w io.Writer) error) error {
	const doing = "write exported reply"
	stem := strings.TrimSuffix(name, ".eml")
	for i := range numbered {
		if i > 0 {
			name = fmt.Sprintf("%s (%d).eml", stem, i+1)
		}
		path := filepath.Join(folder, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a person chose the folder
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return desk.E(desk.KindPermission, doing, err)
		}
		err = write(f)
		if err == nil {
			err = f.Sync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(path)
			if kind := desk.KindOf(err); kind != desk.KindInternal {
				return desk.E(kind, doing, err)
			}
			return desk.E(desk.KindDiskFull, doing, err)
		}
		return nil
	}
	return desk.E(desk.KindConflict, doing, errors.New("too many files of that name"))
}
