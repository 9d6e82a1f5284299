package find

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode"

	"fernpost/app/source/mail"
)

// longestFile bounds an autoconfig file; real ones have 3 kB.
const longestFile = 64 << 10

// autoconfig asks the domain for the file that Thunderbird reads
// (https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/). Over TLS
// alone, and the address isn't told. encoding/xml reads no external entity and
// refuses those that a file declares.
func (s *search) autoconfig(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	urls := []string{
		"https://autoconfig." + s.domain + "/mail/config-v1.1.xml",
		"https://" + s.domain + "/.well-known/autoconfig/mail/config-v1.1.xml",
	}
	files := make([]*clientConfig, len(urls))
	var asking sync.WaitGroup
	for i, url := range urls {
		asking.Go(func() {
			var answer string
			files[i], answer = s.fetch(ctx, url)
			s.asked(WayAutoconfig, url, answer)
		})
	}
	asking.Wait()
	for _, file := range files {
		if file == nil {
			continue
		}
		imap, smtp, user, ok := file.servers(s)
		if !ok {
			continue
		}
		s.found(WayAutoconfig, imap, smtp)
		s.result.Elsewhere = false // the domain itself says so, under its certificate
		s.result.Username = user
		return true
	}
	return false
}

func (s *search) fetch(ctx context.Context, url string) (*clientConfig, string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, AnswerUnusable
	}
	client := *s.Web
	client.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		if to.URL.Scheme != "https" || to.URL.Host != req.URL.Host || len(via) > 5 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, AnswerSilent
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return nil, AnswerElsewhere
	case resp.StatusCode != http.StatusOK:
		return nil, AnswerNothing
	}
	var file clientConfig
	if err := readConfig(resp.Body, &file); err != nil {
		return nil, AnswerUnusable
	}
	if _, _, _, ok := file.servers(s); !ok {
		return nil, AnswerUnusable
	}
	return &file, AnswerFound
}

// clientConfig is what is read of the file.
type clientConfig struct {
	XMLName  xml.Name     `xml:"clientConfig"`
	Incoming []fileServer `xml:"emailProvider>incomingServer"`
	Outgoing []fileServer `xml:"emailProvider>outgoingServer"`
}

type fileServer struct {
	Type   string `xml:"type,attr"`
	Host   string `xml:"hostname"`
	Port   int    `xml:"port"`
	Socket string `xml:"socketType"`
	User   string `xml:"username"`
}

func readConfig(r io.Reader, file *clientConfig) error {
	data, err := io.ReadAll(io.LimitReader(r, longestFile+1))
	if err != nil {
		return err
	}
	if len(data) > longestFile {
		return errors.New("too long")
	}
	return xml.Unmarshal(data, file)
}

// servers picks the first of each kind that is protected.
func (f *clientConfig) servers(s *search) (imap, smtp mail.Server, user string, ok bool) {
	in, okIn := s.pick(f.Incoming, "imap")
	out, okOut := s.pick(f.Outgoing, "smtp")
	if !okIn || !okOut {
		return imap, smtp, "", false
	}
	return in.server(s), out.server(s), s.filled(in.User), true
}

func (s *search) pick(all []fileServer, kind string) (fileServer, bool) {
	for _, f := range all {
		if f.Type == kind && f.server(s).Host != "" {
			return f, true
		}
	}
	return fileServer{}, false
}

// server gives a protected server, or one with no host.
func (f fileServer) server(s *search) mail.Server {
	mode := map[string]mail.TLSMode{"SSL": mail.TLSImplicit, "STARTTLS": mail.TLSStart}[strings.ToUpper(f.Socket)]
	if mode == "" || f.Port <= 0 || f.Port > 65535 {
		return mail.Server{}
	}
	return mail.Server{Host: hostName(s.filled(f.Host)), Port: f.Port, TLS: mode}
}

// filled puts the address into the file's places for it.
func (s *search) filled(text string) string {
	if text == "" || len(text) > 300 || strings.ContainsFunc(text, unicode.IsControl) {
		return s.address
	}
	return strings.NewReplacer(
		"%EMAILADDRESS%", s.address, "%EMAILLOCALPART%", s.local, "%EMAILDOMAIN%", s.domain,
	).Replace(text)
}
