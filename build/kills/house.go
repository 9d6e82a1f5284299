package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// house is the servers, the data folder, and the child that works in it now.
type house struct {
	lab   *maillab.Lab
	dir   string
	order string
	now   *process
}

// tooLong is how long a child may be silent before the run is given up.
const tooLong = time.Minute

var (
	errEnded  = errors.New("the child ended")
	errSilent = errors.New("the child said nothing for too long")
	errFull   = errors.New("the disk is full, and the child didn't start")
)

func keyOf(subject string) string { return subject + "@customer.example" }

// folder makes one that is gone when the stage is cleared.
func folder(s maillab.Stage) string {
	dir, err := os.MkdirTemp("", "fernpost-kills-")
	if err != nil {
		s.Fatalf("make a folder: %v", err)
	}
	s.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// build starts the servers, lets customers ask n questions, and connects the
// account, whose data lies below dir.
func build(ctx context.Context, s maillab.Stage, dir string, n int) (*house, error) {
	lab := maillab.Dovecot(s, mail.TLSImplicit)
	var questions [][]byte
	for i := range n {
		questions = append(questions, question(lab, subject(i)))
	}
	lab.AppendAll(questions, time.Now())
	password, err := lab.Config().Secrets.Secret(ctx, mail.SecretIMAP)
	if err != nil {
		return nil, err
	}
	h := &house{lab: lab, dir: filepath.Join(dir, "data")}
	o, err := json.Marshal(order{Dir: h.dir, Settings: lab.Settings(), Roots: lab.RootsFile, Password: password})
	if err != nil {
		return nil, err
	}
	h.order = string(o)
	st, err := store.Open(ctx, store.Options{Dir: h.dir})
	if err != nil {
		return nil, err
	}
	err = st.PutAccount(ctx, desk.Account{
		ID: account, Kind: desk.AccountMail, Name: "Help", Address: lab.Own(), State: desk.AccountOK,
		Settings: lab.Settings().Marshal(), Created: time.Now(),
	})
	if closed := st.Close(); err == nil {
		err = closed
	}
	s.Cleanup(func() { h.kill() })
	return h, err
}

func subject(i int) string { return fmt.Sprintf("question-%d", i) }

func question(lab *maillab.Lab, subject string) []byte {
	return fmt.Appendf(nil, "From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\nDate: %s\r\n\r\nWhere is it?\r\n",
		lab.Customer().Addr, lab.Own().Addr, subject, keyOf(subject), time.Now().Format(time.RFC1123Z))
}

// process is a running child.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string // closed when it has ended
}

// start begins a child and waits until it works.
func (h *house) start(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, os.Args[0], "child", h.order)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p := &process{cmd: cmd, in: in, lines: make(chan string, 1<<16)}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
		_ = cmd.Wait()
	}()
	h.now = p
	_, err = h.hear("ready")
	return err
}

func (h *house) tell(line string) error {
	_, err := io.WriteString(h.now.in, line+"\n")
	return err
}

// hear waits for a line that begins with what, and gives the rest of it.
func (h *house) hear(what string) (rest string, err error) {
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for {
		select {
		case line, ok := <-h.now.lines:
			if !ok {
				return "", fmt.Errorf("wait for %q: %w", what, errEnded)
			}
			switch first, rest, _ := strings.Cut(line, " "); first {
			case what:
				return rest, nil
			case "full":
				return "", errFull
			}
		case <-limit.C:
			return "", fmt.Errorf("wait for %q: %w", what, errSilent)
		}
	}
}

// await waits until a question has come in: the mailbox comes newest first, and
// takes its time.
func (h *house) await(subject string) error {
	for range int(tooLong / awaitPause) {
		if err := h.tell("has " + subject); err != nil {
			return err
		}
		if has, err := h.hear("has"); err != nil || has == "true" {
			return err
		}
		time.Sleep(awaitPause)
	}
	return fmt.Errorf("wait for %s: %w", subject, errSilent)
}

const awaitPause = 200 * time.Millisecond

// kill ends the child as a power cut of its process does, and gives all it had
// said and nobody heard.
func (h *house) kill() (said []string) {
	if h.now == nil {
		return nil
	}
	_ = h.now.cmd.Process.Kill()
	for line := range h.now.lines {
		said = append(said, line)
	}
	h.now = nil
	return said
}

// leave ends the child in good order.
func (h *house) leave() error {
	_ = h.now.in.Close()
	limit := time.AfterFunc(tooLong, func() { _ = h.now.cmd.Process.Kill() })
	defer limit.Stop()
	for range h.now.lines {
	}
	state := h.now.cmd.ProcessState
	h.now = nil
	if state == nil || !state.Success() {
		return fmt.Errorf("the child ended badly: %v", state)
	}
	return nil
}

// settle runs a child until no reply moves by itself any more. Minutes of
// patience pass by the clock being set forward.
func (h *house) settle(ctx context.Context) error {
	if err := h.start(ctx); err != nil {
		return err
	}
	const patience = 100 // looks in which nothing ended
	least, idle := math.MaxInt, 0
	for i := 0; idle < patience; i++ {
		if err := h.tell("open"); err != nil {
			return err
		}
		said, err := h.hear("open")
		if err != nil {
			return err
		}
		left, err := strconv.Atoi(said)
		if err != nil {
			return err
		}
		if left == 0 {
			return h.leave()
		}
		if idle++; left < least {
			least, idle = left, 0
		}
		if i%5 == 4 {
			if err := h.tell("ahead 200s"); err != nil {
				return err
			}
		}
		time.Sleep(400 * time.Millisecond)
	}
	_ = h.now.cmd.Process.Signal(syscall.SIGQUIT) // where it stands goes to stderr
	time.Sleep(time.Second)
	return fmt.Errorf("%d replies still move, and none has ended for %d looks", least, patience)
}
