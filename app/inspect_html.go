package app

import "fernpost/app/mailtext"

// inspectedHTML shows what stays of HTML, and what was taken out and why
// (mailtext.Blocked has the kinds).
type inspectedHTML struct {
	label
	HTML    string             `json:"html"`
	Blocked []mailtext.Blocked `json:"blocked"`
}

// inspectHTML reads HTML in UTF-8.
func inspectHTML(l label, input []byte) (any, error) {
	clean, blocked := mailtext.CleanHTML(string(input))
	return inspectedHTML{label: l, HTML: clean, Blocked: blocked}, nil
}
