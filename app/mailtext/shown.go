package mailtext

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// What a cleaned mail needs to be shown as it was sent. All of this expects what
// CleanHTML gave.

// Link is one of a mail's links.
type Link struct {
	Text    string // what the mail calls it
	Host    string // where it truly leads
	URL     string
	Differs bool // Text names another site than Host
}

const (
	maxLinks    = 100
	maxLinkText = 120 // characters
)

// Links gives a mail's links in order, each once.
func Links(clean string) []Link {
	links := []Link{}
	seen := map[string]bool{}
	var open *Link
	var text strings.Builder
	z := html.NewTokenizer(strings.NewReader(clean))
	for len(links) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.Data == "a" && attr(t, "href") != "":
				open = &Link{Host: attr(t, "data-host"), URL: attr(t, "href"), Differs: attr(t, "data-differs") != ""}
				text.Reset()
			case t.Data == "img" && open != nil:
				text.WriteString(" " + attr(t, "alt") + " ")
			}
		case html.TextToken:
			if open != nil {
				text.Write(z.Text())
			}
		case html.EndTagToken:
			if t := z.Token(); t.Data == "a" && open != nil {
				open.Text = shortText(text.String())
				if key := open.URL + "\n" + open.Text; !seen[key] {
					seen[key] = true
					links = append(links, *open)
				}
				open = nil
			}
		}
	}
	return links
}

// shortText is a link's text on one line, without what turns its direction.
func shortText(s string) string {
	s = bareName(s)
	if runes := []rune(s); len(runes) > maxLinkText {
		return string(runes[:maxLinkText]) + "…"
	}
	return s
}

// Pictures gives the Content-IDs of the pictures that came along with a mail and
// the addresses of those that lie elsewhere.
func Pictures(clean string) (cids, remote []string) {
	eachPicture(clean, func(t html.Token) html.Token {
		switch key, address := pictureAddress(t); key {
		case "src":
			cids = append(cids, address)
		case "data-remote":
			remote = append(remote, address)
		}
		return t
	})
	return cids, remote
}

// WithPictures puts pictures into a mail: data gives each one's data: URI, by its
// Content-ID or its address, "" where there is none.
func WithPictures(clean string, data func(address string) string) string {
	return eachPicture(clean, func(t html.Token) html.Token {
		key, address := pictureAddress(t)
		if key == "" {
			return t
		}
		if uri := data(address); uri != "" {
			for i := range t.Attr {
				if t.Attr[i].Key == key {
					t.Attr[i] = html.Attribute{Key: "src", Val: uri}
				}
			}
		}
		return t
	})
}

// pictureAddress tells which attribute names a picture that isn't in the HTML
// itself, and its Content-ID (RFC 2392) or address.
func pictureAddress(t html.Token) (key, address string) {
	if src := attr(t, "src"); len(src) > len("cid:") && strings.EqualFold(src[:len("cid:")], "cid:") {
		cid := src[len("cid:"):]
		if plain, err := url.PathUnescape(cid); err == nil {
			cid = plain
		}
		return "src", cid
	}
	if remote := attr(t, "data-remote"); remote != "" && attr(t, "src") == "" {
		return "data-remote", remote
	}
	return "", ""
}

func eachPicture(clean string, change func(html.Token) html.Token) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(clean))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if t := z.Token(); t.Data == "img" {
				raw = change(t).String()
			}
		}
		out.WriteString(raw)
	}
}
