package main

import (
	"embed"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
)

//go:embed pages
var pages embed.FS

// keptElements may be in a result. The list is written down here once more, so
// that the proof doesn't ask the cleaner what is clean.
const keptElements = "a abbr address article b bdi bdo big blockquote br caption center code col colgroup dd del div dl dt em " +
	"figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small " +
	"span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"

// reported is a policy that stops nothing and tells of everything: scripts that
// aren't the trap's, and whatever is loaded.
const reported = "default-src 'none'; script-src 'self'; img-src data: cid:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-src 'none'"

// stage serves the results, is the browser's proxy to everywhere else, and
// writes down who asks for what.
type stage struct {
	server  *httptest.Server
	results []result
	in      *framing // nil: a frame that holds nothing back

	mu    sync.Mutex
	asked map[string]bool
}

func newStage(results []result, in *framing) *stage {
	s := &stage{results: results, in: in, asked: map[string]bool{}}
	s.server = httptest.NewServer(http.HandlerFunc(s.answer))
	return s
}

func (s *stage) answer(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	number, isResult := strings.CutPrefix(name, "result/")
	switch {
	case r.Method == http.MethodConnect || r.URL.IsAbs() && r.Host != s.server.Listener.Addr().String():
		s.note(r.Host + r.URL.Path)
		http.Error(w, "there is nothing elsewhere", http.StatusBadGateway)
	case name == "run":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		sandbox, stays := "null", true
		if s.in != nil {
			sandbox, stays = strconv.Quote(s.in.sandbox), s.in.policy != ""
			if stays {
				w.Header().Set("Content-Security-Policy", "frame-src 'self'") // as the program's screen has it
			}
		}
		fmt.Fprintf(w, `<!doctype html><title>run</title><body><script>window.keptElements = %q.split(' '); window.sandbox = %s; window.stays = %t</script><script src="/run.js"></script>`, keptElements, sandbox, stays)
	case name == "run.js", name == "trap.js":
		http.ServeFileFS(w, r, pages, "pages/"+name)
	case isResult:
		s.serve(w, number)
	default:
		s.note(r.URL.Path)
		http.NotFound(w, r)
	}
}

func (s *stage) serve(w http.ResponseWriter, number string) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(s.results) {
		s.note("/result/" + number)
		http.Error(w, "no such result", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if s.in != nil {
		if s.in.reports {
			w.Header().Set("Content-Security-Policy-Report-Only", reported)
		}
		fmt.Fprintf(w, `<!doctype html><html><head>%s</head><body>%s</body></html>`, s.in.head(), s.results[n].html)
		return
	}
	w.Header().Set("Content-Security-Policy-Report-Only", reported)
	fmt.Fprintf(w, `<!doctype html><html><head><meta charset="utf-8"><script src="/trap.js"></script></head><body>%s</body></html>`, s.results[n].html)
}

// note writes down what was asked for. Browsers ask for an icon by themselves,
// and Chromium for hosts of its maker's.
func (s *stage) note(what string) {
	host, _, err := net.SplitHostPort(strings.SplitN(what, "/", 2)[0])
	if err != nil {
		host = strings.SplitN(what, "/", 2)[0]
	}
	if what == "/favicon.ico" || strings.HasSuffix(host, ".google.com") || strings.HasSuffix(host, ".googleapis.com") || strings.HasSuffix(host, ".gvt1.com") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[what] = true
}

// requests gives what was asked for beside the results.
func (s *stage) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]string, 0, len(s.asked))
	for what := range s.asked {
		all = append(all, "asked for "+what)
	}
	return all
}
