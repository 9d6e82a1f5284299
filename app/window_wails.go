//go:build desktop || dev || bindings

package app

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"fernpost/store/desk"
)

// screenPolicy is what the screen's own page may load: itself. Mail HTML stands
// in frames that inherit it, may run nothing, and load nothing by a policy of their own.
const screenPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-src 'self'; " +
	"base-uri 'none'; form-action 'none'"

const (
	drawnWidth, drawnHeight = 1440, 900
	leastWidth, leastHeight = 960, 520
)

// openWindow shows the window and works until it is closed.
func openWindow(o windowOptions) error {
	softenWebView()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := &window{options: o, opening: newOpening(ctx), page: make(chan struct{}), ends: make(chan struct{}), closed: make(chan struct{})}
	defer w.listen()()
	c := calls{w.opening}
	err := wails.Run(&options.App{
		Title: "Fernpost", Width: drawnWidth, Height: drawnHeight,
		MinWidth: leastWidth, MinHeight: leastHeight,
		AssetServer:        &assetserver.Options{Assets: o.build.Screen, Middleware: underPolicy},
		BackgroundColour:   &options.RGBA{R: 0xef, G: 0xee, B: 0xe7, A: 0xff}, // --bg-app: no white flash
		LogLevel:           0,
		Logger:             quietLog{},
		OnStartup:          w.startup,
		OnDomReady:         w.domReady,
		OnBeforeClose:      w.beforeClose,
		OnShutdown:         w.shutdown,
		SingleInstanceLock: w.single(),
		ErrorFormatter:     failure,
		Bind: []any{
			&Inbox{c}, &Composer{calls: c, pick: w.askWhich}, &Outbox{c}, &Line{c},
			&Accounts{calls: c, open: w.openLink, folder: w.askFolder},
			&Files{calls: c, ask: w.askWhere},
			&Settings{calls: c, build: o.build, open: w.openLink},
			&Window{calls: c, held: w},
		},
		Linux:   &linux.Options{ProgramName: "fernpost", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Windows: &windows.Options{DisablePinchZoom: true},
	})
	if err != nil {
		return desk.E(desk.KindNoWindow, "open window", err)
	}
	return nil
}

// softenWebView keeps WebKitGTK from a blank window on some graphics cards
// (wails#2977, #4985). It must come before the first web view.
func softenWebView() {
	const name = "WEBKIT_DISABLE_DMABUF_RENDERER"
	if _, set := os.LookupEnv(name); !set {
		_ = os.Setenv(name, "1")
	}
}

func underPolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", screenPolicy)
		next.ServeHTTP(w, r)
	})
}

// window holds what Wails' callbacks need. Its methods are not bound, so the
// page can't call them.
type window struct {
	options windowOptions
	opening *opening
	ctx     context.Context // Wails' own; carries its runtime
	page    chan struct{}   // closed when the page can hear events
	ends    chan struct{}   // closed when the desk is to be closed
	closed  chan struct{}   // closed when it is
	once    sync.Once
	leaving atomic.Bool // the page was told that the window closes, or closes it
	ending  atomic.Bool // the computer wants the program to end
}

func (w *window) startup(ctx context.Context) {
	w.ctx = ctx
	go func() { // ends with shutdown; the desk's own loops belong to its runner
		defer close(w.closed)
		err := w.opening.keep(func() (*Desk, error) {
			d, err := openDesk(w.opening.ctx, deskOptions{
				dir: w.options.dir, clock: w.options.clock,
				emit: w.tell, awake: true, progress: w.opening.migrating,
			})
			if err == nil {
				takeOrders(d)
			}
			return d, err
		}, w.ends)
		if err != nil {
			slog.Error("desk closed", "kind", string(desk.KindOf(err)))
		}
	}()
}

func (w *window) domReady(context.Context) { w.once.Do(func() { close(w.page) }) }

// tell sends an event to the page. What comes before the page listens waits in
// the pump: the web view would lose it.
func (w *window) tell(ctx context.Context, e Event) {
	select {
	case <-w.page:
		runtime.EventsEmit(w.ctx, "changed", e)
	case <-ctx.Done():
	}
}

func (w *window) shutdown(context.Context) {
	close(w.ends)
	<-w.closed
}

// heard implements holder: closing once more asks once more.
func (w *window) heard() (ending bool) {
	w.leaving.Store(false)
	return w.ending.Load()
}

func (w *window) hide() { runtime.WindowHide(w.ctx) }

func (w *window) show() {
	if w.leaving.Load() {
		return // it closes
	}
	runtime.WindowUnminimise(w.ctx)
	runtime.WindowShow(w.ctx)
}

func (w *window) quit() {
	w.leaving.Store(true)
	runtime.Quit(w.ctx)
}

// listen notes that the computer wants the program to end, as at the end of a
// session: then the page isn't to ask anything. Wails closes the window by itself.
func (w *window) listen() (stop func()) {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, os.Interrupt, syscall.SIGTERM)
	go func() { // ends with stop
		for range ends {
			w.ending.Store(true)
		}
	}()
	return func() { signal.Stop(ends); close(ends) }
}

// beforeClose lets the page save what was typed last, and ask what is to become
// of replies that wait; it quits by itself afterwards. A page that doesn't
// answer is closed by closing once more.
func (w *window) beforeClose(ctx context.Context) (stay bool) {
	if w.leaving.Swap(true) {
		return false
	}
	runtime.EventsEmit(ctx, "leaving")
	return true
}

// single brings the first window forward when the program is started again for
// the same data folder. The lock on the store holds even where there is no
// session bus.
func (w *window) single() *options.SingleInstanceLock {
	return &options.SingleInstanceLock{
		UniqueId: "fernpost-" + folderTag(w.options.dir),
		OnSecondInstanceLaunch: func(options.SecondInstanceData) {
			if d := w.opening.now(); d != nil {
				d.away.over()
			}
			w.show()
		},
	}
}

func (w *window) askWhere(_ context.Context, name string) (string, error) {
	path, err := runtime.SaveFileDialog(w.ctx, runtime.SaveDialogOptions{DefaultFilename: name})
	if err != nil {
		return "", desk.E(desk.KindInternal, "ask where to save", err)
	}
	return path, nil
}

func (w *window) askWhich(context.Context) ([]string, error) {
	paths, err := runtime.OpenMultipleFilesDialog(w.ctx, runtime.OpenDialogOptions{})
	if err != nil {
		return nil, desk.E(desk.KindInternal, "ask which files", err)
	}
	return paths, nil
}

func (w *window) askFolder(context.Context) (string, error) {
	path, err := runtime.OpenDirectoryDialog(w.ctx, runtime.OpenDialogOptions{CanCreateDirectories: true})
	if err != nil {
		return "", desk.E(desk.KindInternal, "ask which folder", err)
	}
	return path, nil
}

func (w *window) openLink(url string) { runtime.BrowserOpenURL(w.ctx, url) }

// hasWindow: this build can open one.
const hasWindow = true
