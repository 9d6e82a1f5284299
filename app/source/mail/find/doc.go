// Package find finds a mailbox's servers from its address: in a list of large
// providers, by where the domain's mail goes (MX), by what the domain says of
// itself (RFC 6186 and 8314 SRV records, the autoconfig files that Thunderbird
// reads), and at last by careful guessing. It tells whom it asked what. The
// address itself is told to nobody: only its domain is asked about.
package find
