// Package elsewhere brings the pictures of a mail that lie on other people's
// servers, when a person asks for them. The program does it and not the page, so
// that the page's policy can go on to forbid everything: no cookie, no referrer,
// nothing of this computer's network is reached, and what isn't a picture stays
// out.
package elsewhere

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // its size is read before it is shown
	_ "image/jpeg" // its size is read before it is shown
	_ "image/png"  // its size is read before it is shown
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What one mail may bring.
const (
	maxPictures   = 60
	maxPicture    = 2 << 20  // bytes
	maxAltogether = 8 << 20  // bytes
	maxPixels     = 40 << 20 // a small file may unpack to a huge picture
	maxRedirects  = 3
	patience      = 15 * time.Second // for one picture
	atOnce        = 4
)

// Most is how many bytes so many pictures of one mail may cost.
func Most(pictures int) int64 { return min(int64(pictures)*maxPicture, maxAltogether) }

// Picture is one that was brought.
type Picture struct {
	Type string // image/png, image/jpeg, image/gif or image/webp
	Data []byte
}

// Fetcher brings pictures. Its zero value is of no use: New makes one.
type Fetcher struct {
	client *http.Client
	count  func(bytes int64)
}

// New gives a Fetcher that tells count of every byte sent and received.
func New(count func(bytes int64)) *Fetcher {
	return with(count, public)
}

// with lets a test reach its own server.
func with(count func(int64), allowed func(network, address string) error) *Fetcher {
	f := &Fetcher{count: count}
	dialer := net.Dialer{
		Timeout: patience,
		// Control runs after the name was looked up, for each address that is tried:
		// a name can't be looked up once to be checked and again to be used.
		Control: func(network, address string, _ rawConn) error { return allowed(network, address) },
	}
	f.client = &http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			Proxy: nil, // a proxy would reach what we may not
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, network, address)
				if err != nil {
					return nil, err
				}
				return counted{conn, f.count}, nil
			},
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout:    patience,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			r.Header.Del("Referer")
			return mayAsk(r.URL)
		},
	}
	return f
}

// Pictures brings what it can of the addresses; what can't be brought is
// missing from the answer. It ends its connections before it returns.
func (f *Fetcher) Pictures(ctx context.Context, addresses []string) map[string]Picture {
	defer f.client.CloseIdleConnections()
	brought := map[string]Picture{}
	var (
		mu    sync.Mutex
		left  = maxAltogether
		lanes sync.WaitGroup
		work  = make(chan string)
	)
	for range atOnce {
		lanes.Go(func() {
			for address := range work {
				mu.Lock()
				most := min(left, maxPicture)
				mu.Unlock()
				p, err := f.picture(ctx, address, most)
				if err != nil {
					continue // the caller counts what is missing
				}
				mu.Lock()
				if len(p.Data) <= left {
					left -= len(p.Data)
					brought[address] = p
				}
				mu.Unlock()
			}
		})
	}
	seen := map[string]bool{}
	for _, address := range addresses {
		if !seen[address] && len(seen) < maxPictures {
			seen[address] = true
			work <- address
		}
	}
	close(work)
	lanes.Wait()
	return brought
}

func (f *Fetcher) picture(ctx context.Context, address string, most int) (Picture, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Picture{}, err
	}
	if u.Scheme == "http" {
		u.Scheme = "https" // most servers have both; in clear we ask nobody
	}
	u.Fragment, u.User = "", nil
	if err := mayAsk(u); err != nil {
		return Picture{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return Picture{}, err
	}
	r.Header.Set("Accept", "image/png,image/jpeg,image/gif,image/webp")
	r.Header.Set("User-Agent", "Mozilla/5.0") // tells as little as can be
	answer, err := f.client.Do(r)
	if err != nil {
		return Picture{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return Picture{}, fmt.Errorf("answer %d", answer.StatusCode)
	}
	if answer.ContentLength > int64(most) {
		return Picture{}, errors.New("too large")
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, int64(most)+1))
	if err != nil {
		return Picture{}, err
	}
	if len(data) > most {
		return Picture{}, errors.New("too large")
	}
	return Read(data)
}

// Read tells what picture data is, by its bytes and not by its name. What may
// run (SVG), what isn't known and what would unpack to too many pixels is no
// picture.
func Read(data []byte) (Picture, error) {
	kind := http.DetectContentType(data)
	switch kind {
	case "image/png", "image/jpeg", "image/gif":
		size, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return Picture{}, err
		}
		if size.Width*size.Height > maxPixels {
			return Picture{}, errors.New("too many pixels")
		}
	case "image/webp":
	default:
		return Picture{}, errors.New("no picture")
	}
	return Picture{Type: kind, Data: data}, nil
}

// mayAsk lets only the web's own encrypted port be asked.
func mayAsk(u *url.URL) error {
	if u.Scheme != "https" || u.Port() != "" && u.Port() != "443" || u.Hostname() == "" || strings.Contains(u.Host, "%") {
		return errors.New("not an address to ask")
	}
	return nil
}

// counted tells of each byte.
type counted struct {
	net.Conn
	count func(int64)
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.count(int64(n))
	return n, err
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.count(int64(n))
	return n, err
}
