package mailtext

import (
	"strings"

	"fernpost/store/desk"
)

// Kind tells mail that a person wrote from mail that a machine wrote. A bounce
// is a report (RFC 3464) or comes from nobody and says what failed; an automatic
// reply says so (RFC 3834); a list names itself (RFC 2919, RFC 2369). contentType
// is the whole mail's, with its parameters.
func Kind(h Header, contentType string) desk.MessageKind {
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	if strings.HasPrefix(contentType, "multipart/report") && !strings.Contains(contentType, "disposition-notification") ||
		h.Has("X-Failed-Recipients") {
		return desk.KindBounce
	}
	auto := strings.ToLower(h.Raw("Auto-Submitted"))
	auto, _, _ = strings.Cut(auto, ";")
	auto = strings.TrimSpace(auto)
	if h.Raw("Return-Path") == "<>" && fromMailer(h) {
		return desk.KindBounce
	}
	precedence := strings.ToLower(h.Raw("Precedence"))
	switch {
	case auto != "" && auto != "no",
		precedence == "auto_reply",
		h.Has("X-Autoreply"), h.Has("X-Autorespond"),
		strings.HasPrefix(contentType, "multipart/report"):
		return desk.KindAuto
	case h.Has("List-Id"), precedence == "list", precedence == "bulk", precedence == "junk",
		h.Has("List-Unsubscribe"):
		return desk.KindList
	}
	return desk.KindPerson
}

func fromMailer(h Header) bool {
	for _, a := range h.Addresses("From") {
		local, _, _ := strings.Cut(strings.ToLower(a.Addr), "@")
		if local == "mailer-daemon" || local == "postmaster" {
			return true
		}
	}
	return false
}
