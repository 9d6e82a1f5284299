package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// opIDForm is a UUID: anything else under our token header is not ours.
var opIDForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// readHead makes the neutral head of what one FETCH said, and what stays of the
// message when the server renumbers; "" when nothing tells it from others.
func readHead(f folder, g *found, sh shape, set Settings) (*desk.Head, string) {
	h := mailtext.ParseHeader(g.header)
	head := &desk.Head{
		At:          g.at,
		ReplyTo:     h.Addresses("Reply-To"),
		To:          h.Addresses("To"),
		Cc:          h.Addresses("Cc"),
		Subject:     h.Text("Subject"),
		Kind:        mailtext.Kind(h, sh.report),
		Language:    language(h.Raw("Content-Language")),
		Folder:      f.role,
		Attachments: sh.files,
		Size:        g.size,
	}
	if head.At.IsZero() {
		head.At = h.Date("Date") // only where the server says no date at all
	}
	if ids := h.IDs("Message-ID"); len(ids) > 0 {
		head.HeaderID = ids[0]
	}
	head.References = references(h)
	if id := strings.ToLower(h.Raw(tokenHeader)); opIDForm.MatchString(id) {
		head.OpID = desk.OpID(id)
	}
	readSender(head, h, set)
	return head, stableKey(h, head)
}

func references(h mailtext.Header) []string {
	refs := h.IDs("References")
	if parent := h.IDs("In-Reply-To"); len(parent) > 0 && !slices.Contains(refs, parent[0]) {
		refs = append(refs, parent[0])
	}
	return refs
}

var languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// language takes the first tag of Content-Language (RFC 3282).
func language(raw string) string {
	tag, _, _ := strings.Cut(raw, ",")
	if tag = strings.TrimSpace(tag); languageForm.MatchString(tag) {
		return tag
	}
	return ""
}

// stableKey is Message-ID and a digest of what no folder changes: the same mail
// in two folders has the same, two mails that share a Message-ID don't. A mail
// without Message-ID needs its size as well, and one without anything has none.
func stableKey(h mailtext.Header, head *desk.Head) string {
	date := h.Date("Date")
	parts := []string{
		head.HeaderID,
		date.UTC().Format(time.RFC3339),
		strings.ToLower(head.From.Addr),
		head.Subject,
	}
	if head.HeaderID == "" {
		if date.IsZero() && head.From.Addr == "" {
			return ""
		}
		parts = append(parts, h.Raw("To"), time.Duration(head.Size).String())
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return head.HeaderID + "#" + hex.EncodeToString(sum[:10])
}

func unreadableBody() desk.Body { return mailtext.Unreadable() }
