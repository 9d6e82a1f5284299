package elsewhere

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func onePixel(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// web is a server that a Fetcher takes for any host of the web.
type web struct {
	server *httptest.Server
	bytes  atomic.Int64
	mu     sync.Mutex
	asked  []*http.Request
}

func newWeb(t *testing.T, answer http.HandlerFunc) (*web, *Fetcher) {
	t.Helper()
	w := &web{}
	w.server = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, r)
		w.mu.Unlock()
		answer(rw, r)
	}))
	t.Cleanup(w.server.Close)
	f := with(func(n int64) { w.bytes.Add(n) }, func(string, string) error { return nil })
	transport := f.client.Transport.(*http.Transport)
	transport.TLSClientConfig = w.server.Client().Transport.(*http.Transport).TLSClientConfig
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, w.server.Listener.Addr().String())
	}
	return w, f
}

func TestPicturesAreBrought(t *testing.T) {
	picture := onePixel(t)
	w, f := newWeb(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(rw, r, "https://example.com/a.png", http.StatusFound)
			return
		}
		http.SetCookie(rw, &http.Cookie{Name: "who", Value: "you"})
		_, _ = rw.Write(picture)
	})
	asked := []string{"https://example.com/a.png", "http://example.com/b.png", "https://example.com/moved", "https://example.com/a.png"}
	got := f.Pictures(t.Context(), asked)
	if len(got) != 3 {
		t.Fatalf("brought %d of 3", len(got))
	}
	for address, p := range got {
		if p.Type != "image/png" || !bytes.Equal(p.Data, picture) {
			t.Errorf("%s: %s, %d bytes", address, p.Type, len(p.Data))
		}
	}
	for _, r := range w.asked {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" || r.Header.Get("Accept-Language") != "" || r.Method != http.MethodGet || r.TLS == nil {
			t.Errorf("%s %s tells too much: %v", r.Method, r.URL, r.Header)
		}
	}
	if w.bytes.Load() < int64(3*len(picture)) {
		t.Errorf("%d bytes counted", w.bytes.Load())
	}
}

func TestOnlyPicturesAreBrought(t *testing.T) {
	for name, body := range map[string]string{
		"a page":             "<!doctype html><script>alert(1)</script>",
		"a drawing":          `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"nothing":            "",
		"half a picture":     string(onePixel(t)[:12]),
		"too large":          string(onePixel(t)) + strings.Repeat("x", maxPicture),
		"a picture's pixels": huge,
	} {
		_, f := newWeb(t, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "image/png")
			_, _ = rw.Write([]byte(body))
		})
		if got := f.Pictures(t.Context(), []string{"https://example.com/a"}); len(got) != 0 {
			t.Errorf("%s was brought", name)
		}
	}
	_, f := newWeb(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNotFound) })
	if got := f.Pictures(t.Context(), []string{"https://example.com/a"}); len(got) != 0 {
		t.Error("an error was brought")
	}
}

// huge is the head of a PNG of 100,000 by 100,000 pixels.
const huge = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00\xc6\x36\x1b\x7b"

func TestWhereNothingIsAsked(t *testing.T) {
	w, f := newWeb(t, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(rw, r, "/loop", http.StatusFound)
		case "/clear":
			http.Redirect(rw, r, "http://example.com/x", http.StatusFound)
		case "/port":
			http.Redirect(rw, r, "https://example.com:8443/x", http.StatusFound)
		default:
			t.Errorf("asked for %s", r.URL)
		}
	})
	for _, address := range []string{
		"https://example.com/loop", "https://example.com/clear", "https://example.com/port",
		"ftp://example.com/a", "file:///etc/passwd", "https://example.com:22/a", "//", "https://", "https://[fe80::1%25eth0]/a",
	} {
		if got := f.Pictures(t.Context(), []string{address}); len(got) != 0 {
			t.Errorf("%s was brought", address)
		}
	}
	if n := len(w.asked); n > 2+maxRedirects+2 {
		t.Errorf("asked %d times", n)
	}
}

func TestManyPictures(t *testing.T) {
	picture := onePixel(t)
	w, f := newWeb(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(picture) })
	var addresses []string
	for i := range 3 * maxPictures {
		addresses = append(addresses, "https://example.com/"+strings.Repeat("a", i))
	}
	if got := f.Pictures(t.Context(), addresses); len(got) != maxPictures || len(w.asked) != maxPictures {
		t.Errorf("brought %d, asked %d times", len(got), len(w.asked))
	}
}

func TestOnlyPublicAddressesAreReached(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1:443", "127.8.8.8:443", "0.0.0.0:443", "10.1.2.3:443", "172.16.0.1:443", "192.168.1.1:443", "169.254.169.254:443",
		"100.64.0.1:443", "192.0.0.8:443", "198.18.0.1:443", "224.0.0.1:443", "255.255.255.255:443", "240.0.0.1:443",
		"[::1]:443", "[::]:443", "[fe80::1]:443", "[fe80::1%eth0]:443", "[fc00::1]:443", "[fd12::1]:443", "[ff02::1]:443",
		"[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[64:ff9b::7f00:1]:443", "[2002:7f00:1::]:443", "[2001::1]:443", "[::127.0.0.1]:443",
		"name:443", "1.2.3.4",
	} {
		if public("tcp4", address) == nil {
			t.Errorf("%s may be reached", address)
		}
	}
	for _, address := range []string{"93.184.215.14:443", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443", "[::ffff:93.184.215.14]:443"} {
		if err := public("tcp6", address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	// The whole way, with a real server on this computer.
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer server.Close()
	f := New(func(int64) {})
	transport := f.client.Transport.(*http.Transport)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, strings.Replace(server.Listener.Addr().String(), "127.0.0.1", "localhost", 1))
	}
	if got := f.Pictures(t.Context(), []string{"https://example.com/a.png"}); len(got) != 0 {
		t.Error("something was brought from this computer")
	}
}
