package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"time"
)

// engine is a browser that speaks WebDriver (W3C, "WebDriver").
type engine struct {
	name   string
	driver string // the program that drives it
	// wants are the capabilities to ask for; proxy is where everything goes that
	// isn't on this computer.
	wants func(proxy string) map[string]any
}

func engines() []engine {
	manual := func(proxy string) map[string]any {
		return map[string]any{"proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy, "noProxy": []string{"127.0.0.1"}}
	}
	return []engine{
		{"Chromium", "chromedriver", func(proxy string) map[string]any {
			return map[string]any{"proxy": manual(proxy), "goog:chromeOptions": map[string]any{"args": []string{
				"--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
			}}}
		}},
		{"WebKitGTK", "WebKitWebDriver", func(proxy string) map[string]any {
			return map[string]any{"proxy": manual(proxy)}
		}},
	}
}

// A browser may end in the middle by itself, and its driver then waits for ever.
const (
	tryLimit = 6 * time.Minute
	tries    = 2
)

// try opens all results and gives what was caught, by number; -1 is what no
// result can be blamed for. What ends the browser every time is a failure.
func (e engine) try(ctx context.Context, results []result, in *framing) (caught map[int][]string, err error) {
	for range tries {
		if caught, err = e.tryOnce(ctx, results, in); err == nil || ctx.Err() != nil {
			return caught, err
		}
		fmt.Printf("%s: once more: %v\n", e.name, err)
	}
	return nil, err
}

func (e engine) tryOnce(ctx context.Context, results []result, in *framing) (map[int][]string, error) {
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	s := newStage(results, in)
	defer s.server.Close()
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, e.driver, "--port="+port)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	}()
	d := driver{base: "http://127.0.0.1:" + port}
	if err := d.begin(ctx, e.wants(s.server.Listener.Addr().String())); err != nil {
		return nil, err
	}
	caught, err := d.run(ctx, s.server.URL+"/run", len(results))
	if ended := d.do(ctx, http.MethodDelete, "", nil, nil); err == nil {
		err = ended
	}
	if err != nil {
		return nil, err
	}
	if asked := s.requests(); len(asked) > 0 {
		caught[-1] = asked
	}
	return caught, nil
}

func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// driver is a WebDriver session.
type driver struct{ base, session string }

// begin waits for the driver to listen, and opens a browser.
func (d *driver) begin(ctx context.Context, wants map[string]any) error {
	var opened struct {
		SessionID string `json:"sessionId"`
	}
	ask := map[string]any{"capabilities": map[string]any{"alwaysMatch": wants}}
	for tries := 0; ; tries++ {
		err := d.do(ctx, http.MethodPost, "/session", ask, &opened)
		if err == nil {
			break
		}
		const most = 100
		if tries == most || ctx.Err() != nil || !errors.Is(err, errNotThere) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.session = "/session/" + opened.SessionID
	return d.do(ctx, http.MethodPost, "/timeouts", map[string]int{"script": int(limit.Milliseconds()), "pageLoad": 60_000}, nil)
}

func (d *driver) run(ctx context.Context, address string, count int) (map[int][]string, error) {
	if err := d.do(ctx, http.MethodPost, "/url", map[string]string{"url": address}, nil); err != nil {
		return nil, err
	}
	script := map[string]any{
		"script": "const [count, done] = arguments; window.runAll(count).then(done, (e) => done(String(e)));",
		"args":   []any{count},
	}
	var found []struct {
		Number int
		What   []string
	}
	if err := d.do(ctx, http.MethodPost, "/execute/async", script, &found); err != nil {
		return nil, err
	}
	caught := map[int][]string{}
	for _, f := range found {
		caught[f.Number] = f.What
	}
	return caught, nil
}

var errNotThere = errors.New("the driver doesn't listen")

// do sends one command of the session and reads its value.
func (d *driver) do(ctx context.Context, method, path string, body, value any) error {
	var sent io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, d.base+d.session+path, sent)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotThere, err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %.400s", method, path, answer.Status, data)
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(data, &struct{ Value any }{value})
}
