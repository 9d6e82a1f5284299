//go:build !windows

package mail

func refusedElsewhere(error) bool { return false }
