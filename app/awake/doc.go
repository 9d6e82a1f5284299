// Package awake tells when this computer's network changed and when it woke
// from sleep, so that a lost line is tried at once and a dead one not trusted.
// What it says is a hint: every account still finds out by itself.
package awake
