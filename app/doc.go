// Package app is what the screen and the command line may call: thin services
// over the store, the desk that puts the engines together, the runner that
// starts their loops, and the pump that tells the screen what changed. It is
// the only package that knows all the others.
package app
