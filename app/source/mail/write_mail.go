package mail

import (
	"context"
	"io"
	"slices"
	"strings"

	"fernpost/app/source"
)

// WriteMail writes a frozen reply as a file that mail programs open to go on
// with: the mail as it would have left, above it that it wasn't sent (X-Unsent,
// as Outlook reads it) and the receivers that no header names.
func (s *Source) WriteMail(ctx context.Context, sub source.Submission, w io.Writer) error {
	r, err := thawReply(sub)
	if err != nil {
		return err
	}
	head, _, _ := strings.Cut(string(r.mail.text), "\r\n\r\n")
	head = strings.ToLower(strings.ReplaceAll(head, "\r\n ", " "))
	hidden := slices.DeleteFunc(slices.Clone(r.To), func(to string) bool { return strings.Contains(head, strings.ToLower(to)) })
	above := "X-Unsent: 1\r\n"
	if len(hidden) > 0 {
		above += "Bcc: " + strings.Join(hidden, ",\r\n ") + "\r\n"
	}
	if _, err := io.WriteString(w, above); err != nil {
		return err
	}
	return r.mail.write(ctx, w, s.cfg.Blobs)
}
