package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"fernpost/app/source/mail/maillab"
)

const (
	smallDisk = 2 << 20
	moreRoom  = 160 << 10 // what somebody frees after each kill
	largeDisk = 256 << 20
)

// disk mounts one of a size, or changes its size.
func disk(dir string, size int64, flags uintptr) error {
	return syscall.Mount("fernpost-kills", dir, "tmpfs", flags, fmt.Sprint("size=", size))
}

// fillDisk runs the program on a disk of 2 MB that mail fills, kills it there n
// times while it is written and answered, with a little more room each time, then makes the disk large and waits
// until everything has ended. It needs root, to mount the disk.
func fillDisk(ctx context.Context, p plan) (*report, error) {
	r := newReport("a full disk of 2 MB, Dovecot and Exim", p)
	rng := rand.New(rand.NewPCG(p.seed, 4)) //nolint:gosec // moments, not secrets
	err := maillab.OnStage(func(s maillab.Stage) error {
		dir := folder(s)
		if err := disk(dir, smallDisk, 0); err != nil {
			return fmt.Errorf("mount a small disk, which needs root: %w", err)
		}
		s.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		h, err := build(ctx, s, dir, p.times+2)
		if err != nil {
			return err
		}
		k := &killing{house: h, report: r, rng: rng, usual: time.Second}
		if err := k.start(ctx); err != nil {
			return err
		}
		if err := k.await(draftSubject); err != nil {
			return err
		}
		if err := k.leave(); err != nil {
			return err
		}
		h.lab.AppendAll(longMails(h.lab, 60), time.Now())
		for i := range p.times {
			if err := k.once(ctx, subject(i+2)); err != nil {
				return err
			}
			if err := disk(dir, smallDisk+int64(i+1)*moreRoom, syscall.MS_REMOUNT); err != nil {
				return err
			}
		}
		if err := disk(dir, largeDisk, syscall.MS_REMOUNT); err != nil {
			return err
		}
		if err := h.settle(ctx); err != nil {
			return err
		}
		return h.judge(ctx, r, k.typed)
	})
	return r, err
}

// longMails are more than the small disk holds.
func longMails(lab *maillab.Lab, n int) (all [][]byte) {
	for i := range n {
		text := bytes.Repeat(fmt.Appendf(nil, "Line %d of a long story about a parcel that never came.\r\n", i), 1500)
		all = append(all, append(question(lab, fmt.Sprint("long-", i)), text...))
	}
	return all
}
