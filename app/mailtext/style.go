package mailtext

import (
	"regexp"
	"strings"
)

// What a style attribute may say: how text looks and how wide a box is. Nothing
// that loads, runs, lies over other things or leaves its place.

var (
	length  = regexp.MustCompile(`^(?:auto|inherit|normal|medium|small|smaller|x-small|xx-small|large|larger|x-large|xx-large|thin|thick|[0-9]{0,4}(?:\.[0-9]{1,4})?(?:px|em|pt|%|rem|ex|ch|cm|mm|in|pc|vw)?)$`)
	keyword = regexp.MustCompile(`^[a-z][a-z-]{1,24}$`)
	weight  = regexp.MustCompile(`^(?:[1-9]00|[a-z]{3,10})$`)
	display = regexp.MustCompile(`^(?:inline|block|inline-block|none|table|inline-table|table-row|table-cell|list-item)$`)
	fonts   = regexp.MustCompile(`^[A-Za-z0-9 ,'".%/-]{1,200}$`)
	rule    = regexp.MustCompile(`^(?:none|hidden|dotted|dashed|solid|double|groove|ridge|inset|outset)$`)
)

// oneTo tells that a value is one to most words that all fit.
func oneTo(most int, fits ...*regexp.Regexp) func(string) bool {
	return func(value string) bool {
		words := strings.Fields(value)
		if len(words) == 0 || len(words) > most {
			return false
		}
		for _, w := range words {
			ok := false
			for _, f := range fits {
				ok = ok || f.MatchString(w)
			}
			if !ok {
				return false
			}
		}
		return true
	}
}

// properties are those that stay, each with what its value may be.
var properties = styleProperties()

func styleProperties() map[string]func(string) bool {
	all := map[string]func(string) bool{}
	put := func(fits func(string) bool, names string) {
		for name := range strings.FieldsSeq(names) {
			all[name] = fits
		}
	}
	put(colour.MatchString, "color background-color border-color border-top-color border-right-color border-bottom-color border-left-color text-decoration-color")
	put(oneTo(4, length), "margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left "+
		"width max-width min-width height max-height min-height font-size line-height letter-spacing word-spacing text-indent border-radius border-spacing "+
		"border-width border-top-width border-right-width border-bottom-width border-left-width")
	put(oneTo(3, length, rule, colour), "border border-top border-right border-bottom border-left")
	put(oneTo(4, rule), "border-style border-top-style border-right-style border-bottom-style border-left-style")
	put(oneTo(3, keyword), "font-style font-variant text-decoration text-decoration-line text-decoration-style text-align direction vertical-align "+
		"white-space unicode-bidi border-collapse list-style list-style-type text-transform float clear table-layout word-break word-wrap overflow-wrap visibility overflow")
	put(weight.MatchString, "font-weight")
	put(display.MatchString, "display")
	put(fonts.MatchString, "font-family font")
	return all
}

var (
	styleComment = regexp.MustCompile(`(?s)/\*.*?(?:\*/|$)`)
	styleURL     = regexp.MustCompile(`(?i)url\(\s*["']?\s*([^"')\s]{0,600})`)
	styleImport  = regexp.MustCompile(`(?i)@import\s+(?:url\(\s*)?["']?\s*([^"')\s;]{1,600})`)
	remoteURL    = regexp.MustCompile(`(?i)^(?:https?:)?//[^\s"'<>\\]+`)
	plainImage   = regexp.MustCompile(`(?i)^-?none$`)
)

// style gives what may stay of a style attribute, in one form, and reports what
// would have loaded, run or moved something.
func (s *sieve) style(value string) string {
	value = styleComment.ReplaceAllString(value, " ")
	var out []string
	seen := 0
	for declaration := range strings.SplitSeq(value, ";") {
		if seen++; seen > 100 {
			break
		}
		name, val, ok := strings.Cut(declaration, ":")
		if !ok {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		val = strings.Join(strings.Fields(val), " ")
		val = strings.TrimSpace(strings.TrimSuffix(strings.ToLower(val[:min(len(val), 400)]), "!important"))
		s.reportStyle(name, val)
		if name == "background" && !colour.MatchString(val) {
			val = firstColour(val)
		}
		if name == "background" {
			name = "background-color"
		}
		if fits, ok := properties[name]; ok && fits(val) && val != "" {
			out = append(out, name+": "+val)
		}
	}
	return strings.Join(out, "; ")
}

func firstColour(val string) string {
	for word := range strings.FieldsSeq(styleURL.ReplaceAllString(val, " ")) {
		if strings.HasPrefix(word, "#") && colour.MatchString(word) {
			return word
		}
	}
	return ""
}

func (s *sieve) reportStyle(name, val string) {
	for _, u := range styleURL.FindAllStringSubmatch(val, 5) {
		s.reportLoad(u[1])
	}
	bare := strings.ReplaceAll(val, " ", "")
	switch {
	case strings.Contains(val, `\`), strings.Contains(bare, "expression("), strings.Contains(bare, "javascript:"),
		strings.Contains(bare, "vbscript:"), name == "behavior" && !plainImage.MatchString(val), name == "-moz-binding",
		name == "position" && val != "static" && val != "relative":
		s.report(BlockedStyle, name)
	}
}

// styleSheet reports a style sheet and what it would load.
func (s *sieve) styleSheet(css string) {
	s.report(BlockedStyle, "")
	for _, u := range styleImport.FindAllStringSubmatch(css, 20) {
		s.reportLoad(u[1])
	}
	for _, u := range styleURL.FindAllStringSubmatch(css, 20) {
		s.reportLoad(u[1])
	}
}

// reportLoad reports an address that would be loaded. What lies in the mail
// itself isn't loaded.
func (s *sieve) reportLoad(address string) {
	address = strings.TrimSpace(address)
	lower := strings.ToLower(address)
	switch {
	case address == "", strings.HasPrefix(address, "#"), strings.HasPrefix(lower, "data:image/"), strings.HasPrefix(lower, "cid:"):
	case remoteURL.MatchString(address):
		s.report(BlockedRemote, address)
	case strings.Contains(lower, "script:"):
		s.report(BlockedLink, address)
	}
}
