package maillab

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// needed are the programs and the Debian packages they come in.
var needed = []program{
	{"dovecot", "dovecot-imapd"},
	{"/usr/lib/dovecot/lmtp", "dovecot-lmtpd"},
	{"exim4", "exim4-daemon-light"},
}

type program struct{ name, pkg string }

// Servers is a running Dovecot, and a running Exim that delivers into it by
// LMTP. Every address at example.test is a mailbox there.
type Servers struct {
	h    *house
	labs atomic.Int32
}

// NewServers starts a real Dovecot and a real Exim, until the test ends. A
// machine without the programs fails the test: leaving these tests out would
// hide what only real servers show.
func NewServers(t Stage) *Servers {
	t.Helper()
	requirePrograms(t, needed)
	h := newHouse(t)
	h.startDovecot()
	h.startExim()
	return &Servers{h: h}
}

// Lab is a fresh account and a fresh customer. mode is how the account reaches
// the servers.
func (s *Servers) Lab(t Stage, mode mail.TLSMode) *Lab {
	t.Helper()
	return s.newLab(t, mode).start()
}

func (s *Servers) newLab(t Stage, mode mail.TLSMode) *Lab {
	t.Helper()
	h, n := s.h, s.labs.Add(1)
	l := &Lab{
		t: t, mode: mode, roots: h.roots,
		own:      h.user("amira", n),
		customer: h.user("kunde", n),
		refuses:  desk.Address{Addr: "refused@example.test"},
		imapAddr: addr(h.imap), smtpAddr: addr(h.smtp),
		RootsFile: filepath.Join(h.dir, "tls", "roots.pem"),
	}
	if mode == mail.TLSImplicit {
		l.imapAddr, l.smtpAddr = addr(h.imaps), addr(h.smtps)
	}
	l.renumber = func() bool {
		h.doveadm(t, "mailbox", "update", "-u", l.own.Address, "--uid-validity",
			strconv.FormatInt(time.Now().Unix()+1000, 10), "INBOX")
		return true
	}
	l.admin = func(command string, args ...string) {
		h.doveadm(t, append([]string{"mailbox", command, "-u", l.own.Address}, args...)...)
	}
	l.home = filepath.Join(h.dir, "home", l.own.Address)
	return l
}

// Rename gives one of the account's folders another name.
func (l *Lab) Rename(from, to string) { l.admin("rename", from, to) }

// Backup copies the account's mail as it lies on the server's disk, and gives
// what puts it back. Nobody may be signed in then.
func (l *Lab) Backup() (restore func()) {
	copied := l.home + ".backup"
	l.copyHome(l.home, copied)
	return func() {
		if err := os.RemoveAll(l.home); err != nil {
			l.t.Fatalf("remove the mail: %v", err)
		}
		l.copyHome(copied, l.home)
	}
}

func (l *Lab) copyHome(from, to string) {
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		l.t.Fatalf("copy the mail: %v: %s", err, out)
	}
}

// Dovecot is a Lab on servers of its own.
func Dovecot(t Stage, mode mail.TLSMode) *Lab {
	t.Helper()
	return NewServers(t).Lab(t, mode)
}

func requirePrograms(t Stage, needed []program) {
	t.Helper()
	var missing []string
	for _, n := range needed {
		if _, err := find(n.name); err != nil {
			missing = append(missing, n.pkg)
		}
	}
	if len(missing) > 0 {
		t.Fatalf("the tests against real mail servers need apt packages that are missing here: %s", strings.Join(missing, " "))
	}
}

// find looks where Debian puts servers too, which an ordinary PATH leaves out.
func find(program string) (string, error) {
	for _, dir := range []string{"", "/usr/sbin/", "/usr/bin/"} {
		if path, err := exec.LookPath(dir + program); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s", program)
}

func addr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// house is the temporary folder in which both servers live.
type house struct {
	t     Stage
	dir   string
	owner string // whom the servers run as
	group string
	as    *syscall.Credential // nil when that is whoever runs the tests
	uid   string
	gid   string
	roots *x509.CertPool

	imap, imaps, lmtp, smtp, smtps int
}

func newHouse(t Stage, names ...net.IP) *house {
	t.Helper()
	// A short path of its own: Unix sockets allow 108 characters in all.
	dir, err := os.MkdirTemp("", "post")
	if err != nil {
		t.Fatalf("make a folder for the servers: %v", err)
	}
	h := &house{t: t, dir: dir}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	h.findOwner()
	for _, sub := range []string{"run", "state", "home", "tls", "spool", "log"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatalf("make a folder for the servers: %v", err)
		}
	}
	h.own()
	for i, port := range freePorts(t, 5) {
		*[]*int{&h.imap, &h.imaps, &h.lmtp, &h.smtp, &h.smtps}[i] = port
	}
	h.certify(names)
	return h
}

// findOwner takes whoever runs the tests. Dovecot refuses to work as root, so for
// root it is the account that owns nothing.
func (h *house) findOwner() {
	me, err := user.Current()
	if err == nil && me.Uid == "0" {
		me, err = user.Lookup("nobody")
	}
	if err != nil {
		h.t.Fatalf("whom to run the servers as: %v", err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		h.t.Fatalf("whose group: %v", err)
	}
	h.owner, h.group, h.uid, h.gid = me.Username, group.Name, me.Uid, me.Gid
	if os.Getuid() == 0 {
		uid, errU := strconv.ParseUint(me.Uid, 10, 32)
		gid, errG := strconv.ParseUint(me.Gid, 10, 32)
		if errU != nil || errG != nil {
			h.t.Fatalf("read the ids of %s", me.Username)
		}
		h.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
}

// own gives everything in the folder to the servers.
func (h *house) own() {
	if h.as == nil {
		return
	}
	err := filepath.WalkDir(h.dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chown(path, int(h.as.Uid), int(h.as.Gid))
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a server that runs already took its own file away
		}
		return err
	})
	if err != nil {
		h.t.Fatalf("hand the folder to %s: %v", h.owner, err)
	}
}

// OnePassword is everybody's.
const OnePassword = "pw-of-everybody"

func (h *house) user(name string, n int32) User {
	name = fmt.Sprintf("%s-%d", name, n)
	return User{name, name + "@example.test", OnePassword}
}

// freePorts finds n different ports: each is held until all are found.
func freePorts(t Stage, n int) []int {
	t.Helper()
	var held []net.Listener
	var ports []int
	for range n {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("find a free port: %v", err)
		}
		held = append(held, ln)
		ports = append(ports, ln.Addr().(*net.TCPAddr).Port)
	}
	for _, ln := range held {
		_ = ln.Close()
	}
	return ports
}

func (h *house) write(name, text string) {
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600); err != nil {
		h.t.Fatalf("write %s: %v", name, err)
	}
	h.own()
}

// fill puts the house's facts into a configuration.
func (h *house) fill(text string) string {
	return strings.NewReplacer(
		"{dir}", h.dir, "{user}", h.owner, "{group}", h.group,
		"{password}", OnePassword, "{uid}", h.uid, "{gid}", h.gid,
		"{imap}", strconv.Itoa(h.imap), "{imaps}", strconv.Itoa(h.imaps), "{lmtp}", strconv.Itoa(h.lmtp),
		"{smtp}", strconv.Itoa(h.smtp), "{smtps}", strconv.Itoa(h.smtps),
	).Replace(text)
}

func (h *house) doveadm(t Stage, args ...string) {
	t.Helper()
	path, err := find("doveadm")
	if err != nil {
		t.Fatalf("find doveadm: %v", err)
	}
	cmd := exec.Command(path, append([]string{"-c", filepath.Join(h.dir, "dovecot.conf")}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.as}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("doveadm %s: %v: %s", args[0], err, out)
	}
}

// run starts a server in the foreground and ends it with the test.
func (h *house) run(logs []string, ports []int, program string, args ...string) {
	h.t.Helper()
	path, err := find(program)
	if err != nil {
		h.t.Fatalf("find %s: %v", program, err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = h.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.as}
	var words strings.Builder
	cmd.Stdout, cmd.Stderr = &words, &words
	cmd.WaitDelay = 5 * time.Second // a server's children may hold its output open
	if err := cmd.Start(); err != nil {
		h.t.Fatalf("start %s: %v", program, err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // ended by the cleanup, or seen below
		close(ended)
	}()
	h.t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	for _, port := range ports {
		if !answers(port, ended) {
			h.t.Fatalf("%s doesn't answer: %s %s", program, words.String(), h.tail(logs))
		}
	}
}

// answers waits until something listens on a port.
func answers(port int, ended <-chan struct{}) bool {
	deadline := time.After(20 * time.Second)
	for {
		if c, err := net.Dial("tcp", addr(port)); err == nil {
			_ = c.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-deadline:
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (h *house) tail(logs []string) string {
	var out strings.Builder
	for _, name := range logs {
		text, err := os.ReadFile(filepath.Join(h.dir, name))
		if err == nil {
			out.Write(text[max(0, len(text)-2000):])
		}
	}
	return out.String()
}
