package window

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Page is the page of a window. It isn't safe for several goroutines.
//
// It speaks WebKit's inspector protocol (Source/JavaScriptCore/inspector/protocol),
// each command wrapped into Target.sendMessageToTarget.
type Page struct {
	conn   *websocket.Conn
	target string
	last   int              // number of the newest command
	events func(m envelope) // what the page says unasked; nil: nobody listens
}

// envelope is a message on the socket, to or from WebKit.
type envelope struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *failure        `json:"error,omitempty"`
}

type failure struct {
	Message string `json:"message"`
}

const retry = 10 * time.Millisecond

// dial waits until the program at addr has a page, and connects to it. A
// program that is only starting is asked again until ctx ends.
func dial(ctx context.Context, addr string) (*Page, error) {
	for {
		p, err := dialOnce(ctx, addr)
		if err == nil {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("connect to the inspector at %s: %w (last: %w)", addr, ctx.Err(), err)
		case <-time.After(retry):
		}
	}
}

// patience is how long one try to connect may take.
const patience = 2 * time.Second

func dialOnce(ctx context.Context, addr string) (*Page, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	socket, err := pageSocket(ctx, addr)
	if err != nil {
		return nil, err
	}
	conn, answer, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+addr+socket, nil)
	if err != nil {
		return nil, err
	}
	if answer.Body != nil {
		defer func() { _ = answer.Body.Close() }()
	}
	p := &Page{conn: conn}
	deadline, _ := ctx.Deadline()
	if p.target, err = p.firstTarget(deadline); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return p, nil
}

// socketPath is where the inspector's list of pages says a page's socket is.
var socketPath = regexp.MustCompile(`/socket/\d+/\d+/WebPage`)

// pageSocket reads the list of pages. The socket must not be tried before it
// stands there: WebKitGTK 2.50 ends the whole program over a page it hasn't yet.
func pageSocket(ctx context.Context, addr string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/", http.NoBody)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	list, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	if found := socketPath.Find(list); found != nil {
		return string(found), nil
	}
	return "", errors.New("no page yet")
}

// firstTarget reads until WebKit names the page.
func (p *Page) firstTarget(deadline time.Time) (string, error) {
	for {
		m, err := p.read(deadline)
		if err != nil {
			return "", err
		}
		if m.Method != "Target.targetCreated" {
			continue
		}
		var created struct {
			TargetInfo struct{ TargetID, Type string } `json:"targetInfo"`
		}
		if err := json.Unmarshal(m.Params, &created); err != nil {
			return "", err
		}
		if created.TargetInfo.Type == "page" {
			return created.TargetInfo.TargetID, nil
		}
	}
}

func (p *Page) read(deadline time.Time) (envelope, error) {
	var m envelope
	if err := p.conn.SetReadDeadline(deadline); err != nil {
		return m, err
	}
	return m, p.conn.ReadJSON(&m)
}

// Close leaves the page as it is.
func (p *Page) Close() error { return p.conn.Close() }

// call sends a command to the page and waits for its answer.
func (p *Page) call(ctx context.Context, method string, params, result any) error {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(time.Minute)
	}
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	p.last++
	command := p.last
	inner, err := json.Marshal(envelope{ID: command, Method: method, Params: raw})
	if err != nil {
		return err
	}
	wrapped, err := json.Marshal(map[string]string{"targetId": p.target, "message": string(inner)})
	if err != nil {
		return err
	}
	p.last++
	if err := p.conn.WriteJSON(envelope{ID: p.last, Method: "Target.sendMessageToTarget", Params: wrapped}); err != nil {
		return err
	}
	for {
		m, err := p.read(deadline)
		if err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		answer, err := p.unwrap(m)
		if err != nil {
			return err
		}
		if answer.ID != command {
			if p.events != nil && answer.Method != "" {
				p.events(answer)
			}
			continue
		}
		if answer.Error != nil {
			return fmt.Errorf("%s: %s", method, answer.Error.Message)
		}
		return json.Unmarshal(answer.Result, result)
	}
}

// unwrap gives what the page itself said; an empty envelope for anything else.
// A page that was replaced (a reload) gets commands under its new name.
func (p *Page) unwrap(m envelope) (envelope, error) {
	var inner envelope
	switch m.Method {
	case "Target.dispatchMessageFromTarget":
		var from struct{ Message string }
		if err := json.Unmarshal(m.Params, &from); err != nil {
			return inner, err
		}
		return inner, json.Unmarshal([]byte(from.Message), &inner)
	case "Target.didCommitProvisionalTarget":
		var change struct{ NewTargetID string }
		if err := json.Unmarshal(m.Params, &change); err != nil {
			return inner, err
		}
		p.target = change.NewTargetID
		return inner, errors.New("the page was replaced while it answered")
	default:
		return inner, nil
	}
}

// Eval runs an expression in the page and puts its value, as JSON, into result.
func (p *Page) Eval(ctx context.Context, expression string, result any) error {
	var answer struct {
		Result struct {
			Value       json.RawMessage
			Description string
		}
		WasThrown bool
	}
	err := p.call(ctx, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if err != nil {
		return err
	}
	if answer.WasThrown {
		return fmt.Errorf("the page threw: %s %s", answer.Result.Description, answer.Result.Value)
	}
	if len(answer.Result.Value) == 0 {
		return errors.New("the expression has no value")
	}
	return json.Unmarshal(answer.Result.Value, result)
}

// Wait runs an expression again and again until it is true.
func (p *Page) Wait(ctx context.Context, expression string) error {
	for {
		var yes bool
		err := p.Eval(ctx, "!!("+expression+")", &yes)
		if err == nil && yes {
			return nil
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", expression, ctx.Err())
		case <-time.After(retry):
		}
	}
}

// Complaints gives the errors on the page's console since it was loaded:
// mistakes in scripts, and what the page's policy refused.
func (p *Page) Complaints(ctx context.Context) ([]string, error) {
	var said []string
	p.events = func(m envelope) {
		var added struct {
			Message struct{ Level, Text, URL string }
		}
		if m.Method != "Console.messageAdded" || json.Unmarshal(m.Params, &added) != nil {
			return
		}
		if added.Message.Level == "error" {
			said = append(said, strings.TrimSpace(added.Message.Text+" "+added.Message.URL))
		}
	}
	defer func() { p.events = nil }()
	// WebKit tells everything of the past before it answers.
	var nothing struct{}
	err := p.call(ctx, "Console.enable", struct{}{}, &nothing)
	return said, err
}

// Picture is what the page shows now, as PNG.
func (p *Page) Picture(ctx context.Context) ([]byte, error) {
	var size struct{ Width, Height int }
	if err := p.Eval(ctx, "({width: innerWidth, height: innerHeight})", &size); err != nil {
		return nil, err
	}
	var shot struct{ DataURL string }
	err := p.call(ctx, "Page.snapshotRect", map[string]any{
		"x": 0, "y": 0, "width": size.Width, "height": size.Height, "coordinateSystem": "Viewport",
	}, &shot)
	if err != nil {
		return nil, err
	}
	_, data, found := strings.Cut(shot.DataURL, ";base64,")
	if !found {
		return nil, errors.New("the snapshot is no data URL")
	}
	return base64.StdEncoding.DecodeString(data)
}
