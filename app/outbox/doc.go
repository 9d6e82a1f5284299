// Package outbox carries answers out, once each, and says honestly what is
// known of every one: store → server. It alone talks outwards. It journals
// before it acts, never repeats what may have arrived, and asks a person where
// nothing can be proved.
package outbox
