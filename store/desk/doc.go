// Package desk is the domain: the words of a support desk (conversation,
// message, customer, draft, op) as plain Go types that every other package
// shares. It knows no database, no protocol and no screen, and imports only the
// standard library, so that those three can change without each other.
package desk
