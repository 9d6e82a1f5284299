package mailtext

import (
	"strings"

	"golang.org/x/net/html"
)

// reportElement says what an element would have done that doesn't stay.
func (s *sieve) reportElement(t html.Token) {
	switch t.Data {
	case "script":
		s.report(BlockedScript, attr(t, "src"))
	case "iframe", "frame", "frameset", "portal", "fencedframe":
		s.report(BlockedFrame, attr(t, "src"))
	case "object", "embed", "applet", "svg", "math":
		s.report(BlockedObject, first(attr(t, "data"), attr(t, "src"), attr(t, "code"), t.Data))
	case "form", "input", "button", "select", "textarea", "isindex", "keygen":
		s.report(BlockedForm, first(attr(t, "action"), attr(t, "formaction"), t.Data))
	case "base":
		s.report(BlockedMeta, attr(t, "href"))
	case "meta":
		if equiv := strings.ToLower(strings.TrimSpace(attr(t, "http-equiv"))); equiv != "" && equiv != "content-type" && equiv != "x-ua-compatible" {
			s.report(BlockedMeta, equiv+" "+attr(t, "content"))
		}
	case "link":
		s.reportLoad(attr(t, "href"))
	}
	for _, a := range t.Attr {
		s.reportAttribute(t.Data, a)
	}
}

// namesItself are elements whose address is reported with them.
var namesItself = lineSet("img|script|iframe|frame|portal|fencedframe|object|embed|applet")

func first(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

func (s *sieve) reportAttribute(element string, a html.Attribute) {
	switch key := a.Key; {
	case len(key) > 2 && strings.HasPrefix(key, "on"):
		s.report(BlockedHandler, key)
	case (key == "src" || key == "data" || key == "code") && namesItself[element]:
		// attributes or reportElement says so.
	case key == "src" || key == "background" || key == "poster" || key == "lowsrc" || key == "dynsrc" || key == "longdesc" || key == "ping" || key == "data" || key == "classid" || key == "codebase":
		s.reportLoad(a.Val)
	case key == "srcset" || key == "imagesrcset":
		for piece := range strings.SplitSeq(a.Val, ",") {
			address, _, _ := strings.Cut(strings.TrimSpace(piece), " ")
			s.reportLoad(address)
		}
	case key == "style" && !keptTags[element]:
		s.style(a.Val)
	case key == "formaction":
		s.report(BlockedForm, a.Val)
	case key == "srcdoc":
		s.report(BlockedFrame, "")
	case key == "href" && element != "a" && element != "base" && element != "link", strings.HasSuffix(key, ":href"):
		s.reportLoad(a.Val)
	}
}

// attributes gives what stays of an element's attributes, before the policy
// looks at them: each name once, links with their host, remote pictures put
// aside, styles in one form.
func (s *sieve) attributes(t html.Token) []html.Attribute {
	var kept []html.Attribute
	has := map[string]bool{}
	put := func(key, val string) {
		if !has[key] {
			has[key] = true
			kept = append(kept, html.Attribute{Key: key, Val: val})
		}
	}
	for _, a := range t.Attr {
		if a.Namespace != "" {
			continue
		}
		switch {
		case a.Key == "style":
			if val := s.style(a.Val); val != "" {
				put("style", val)
			}
		case t.Data == "img" && a.Key == "src":
			s.picture(a.Val, put)
		case t.Data == "img" && a.Key == "data-remote":
			if remotePicture.MatchString(a.Val) {
				s.report(BlockedRemote, a.Val)
				put(a.Key, a.Val)
			}
		case t.Data == "a" && a.Key == "href":
			s.href(a.Val, put)
		case t.Data == "a" && (a.Key == "title" || a.Key == "rel" || a.Key == "target" || strings.HasPrefix(a.Key, "data-")):
		case keptAttributes[a.Key]:
			put(a.Key, strings.ToValidUTF8(a.Val[:min(len(a.Val), 1000)], ""))
		}
	}
	return kept
}

var keptAttributes = lineSet("alt|title|width|height|dir|lang|align|valign|colspan|rowspan|cellpadding|cellspacing|border|start|value|bgcolor|color|face|size|type")

func (s *sieve) picture(src string, put func(key, val string)) {
	src = strings.TrimSpace(src)
	switch {
	case ownPicture.MatchString(src):
		put("src", src)
	case remoteURL.MatchString(src):
		s.report(BlockedRemote, src)
		if strings.HasPrefix(src, "//") {
			src = "https:" + src
		}
		scheme, rest, _ := strings.Cut(src, ":")
		put("data-remote", strings.ToLower(scheme)+":"+rest)
	case src != "":
		s.report(BlockedLink, src)
	}
}

// href keeps a link that a person may open, with the host it leads to: as a
// title, which every browser shows, and for the page's own mark.
func (s *sieve) href(href string, put func(key, val string)) {
	href = hrefSpaces.Replace(strings.TrimSpace(href))
	host := ""
	if linkTarget.MatchString(href) {
		host = trueHost(href)
	}
	if host == "" || !hostName.MatchString(host) {
		if href != "" && !strings.HasPrefix(href, "#") {
			s.report(BlockedLink, href)
		}
		return
	}
	put("href", href)
	put("title", host)
	put("data-host", host)
}

// hrefSpaces does what browsers do with white space in an address.
var hrefSpaces = strings.NewReplacer("\t", "", "\n", "", "\r", "", " ", "%20")

// endLink marks a link whose text names another site.
func (s *sieve) endLink() {
	if s.link == 0 {
		return
	}
	link := &s.out[s.link-1]
	s.link = 0
	for _, a := range link.Attr {
		if a.Key == "data-host" && differs(s.label.String(), a.Val) {
			link.Attr = append(link.Attr, html.Attribute{Key: "data-differs", Val: a.Val})
			return
		}
	}
}
