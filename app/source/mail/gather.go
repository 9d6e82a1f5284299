package mail

import (
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/app/source/mail/sift"
	"fernpost/store/desk"
)

// found is what one FETCH said of one message.
type found struct {
	uid       uint32
	flags     []imap.Flag
	hasFlags  bool
	at        time.Time
	size      int64
	modSeq    uint64
	structure imap.BodyStructure
	header    []byte
	gmailID   string
	sections  map[string][]byte // by part name; "" is the whole message
}

// maxSection bounds a literal in memory, whatever the server sends.
const maxSection = 1 << 20

// gather reads a FETCH to its end. When the line breaks off, the last message
// may be incomplete without a sign of it, so it isn't given out.
func (l *line) gather(cmd *imapclient.FetchCommand) ([]*found, error) {
	var out []*found
	var broken error
	for {
		msg := cmd.Next()
		if msg == nil {
			break
		}
		f, err := collect(msg)
		if err != nil {
			l.end()
			broken = err
			break
		}
		if f.uid != 0 {
			out = append(out, f)
		}
	}
	err := cmd.Close()
	if err == nil {
		err = broken
	}
	if err == nil {
		return out, nil
	}
	err = l.fail("fetch mail", err)
	if desk.KindOf(err) == desk.KindOffline && len(out) > 0 {
		out = out[:len(out)-1]
	}
	return out, err
}

// end waits for the reader of a line that broke inside a literal. Only then may
// more be read: go-imap reads the rest of a literal that is left unfinished, and
// at this moment its own reader goes on in the same buffer.
func (l *line) end() {
	_ = l.conn.Close()
	<-l.c.Closed()
}

func collect(msg *imapclient.FetchMessageData) (*found, error) {
	f := &found{sections: map[string][]byte{}}
	for {
		switch item := msg.Next().(type) {
		case nil:
			return f, nil
		case imapclient.FetchItemDataUID:
			f.uid = uint32(item.UID)
		case imapclient.FetchItemDataFlags:
			f.flags, f.hasFlags = item.Flags, true
		case imapclient.FetchItemDataInternalDate:
			f.at = item.Time
		case imapclient.FetchItemDataRFC822Size:
			f.size = item.Size
		case imapclient.FetchItemDataModSeq:
			f.modSeq = item.ModSeq
		case imapclient.FetchItemDataBodyStructure:
			f.structure = item.BodyStructure
		case imapclient.FetchItemDataBodySection:
			var data []byte
			if item.Literal != nil {
				var err error
				if data, err = readLiteral(item.Literal, maxSection); err != nil {
					return nil, err
				}
			}
			switch {
			case item.Section.Specifier == imap.PartSpecifierHeader && len(item.Section.Part) == 0:
				f.header = data
			case item.Section.Specifier == sift.ItemGmailID:
				f.gmailID = string(data)
			default:
				f.sections[partName(item.Section.Part)] = data
			}
		}
	}
}

// readLiteral reads up to limit bytes. A literal that the line's end cut short
// looks complete to go-imap: only its length tells.
func readLiteral(lit imap.LiteralReader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(lit, limit))
	if err == nil && int64(len(data)) < min(lit.Size(), limit) {
		err = io.ErrUnexpectedEOF
	}
	return data, err
}

// search lists UIDs, as ranges where the server can (RFC 4731).
func (l *line) search(criteria *imap.SearchCriteria) (uids, error) {
	var opts *imap.SearchOptions
	if l.caps.Has(imap.CapESearch) {
		opts = &imap.SearchOptions{ReturnAll: true}
	}
	data, err := l.c.UIDSearch(criteria, opts).Wait()
	if err != nil {
		return nil, l.fail("search mail", err)
	}
	set, _ := data.All.(imap.UIDSet)
	return fromSet(set), nil
}
