package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"

	"fernpost/store/desk"
)

// maxInspectLine bounds one line of standard input.
const maxInspectLine = 10 << 20

// maxInspectFile bounds one file: larger ones are no mail that anybody sends.
const maxInspectFile = 256 << 20

// inspector shows what the app makes of one kind of input.
type inspector struct {
	name string
	// look gives a value that marshals to a JSON object and embeds the label.
	look func(l label, input []byte) (any, error)
}

// inspectors lists them in the order help shows them.
func inspectors() []inspector {
	return []inspector{
		{"mail", inspectMail},
		{"html", inspectHTML},
	}
}

// label says which input an answer belongs to.
type label struct {
	ID   string `json:"id,omitempty"`
	File string `json:"file,omitempty"`
}

// inspected is the answer to an input that can't be looked at.
type inspected struct {
	label
	Error string `json:"error"` // an error kind
	Said  string `json:"said"`  // the same in the person's words
}

// runInspect answers each input with one line, in order: every file named, or
// every JSON line {"id", "text"} of standard input. An input that can't be read
// gets a line that says so, and the run goes on.
func runInspect(t terminal, args []string) int {
	flags, _ := t.flags("inspect")
	asJSON := flags.Bool("json", false, "")
	if len(args) == 0 {
		t.help()
		return exitUsage
	}
	for _, i := range inspectors() {
		if i.name != args[0] {
			continue
		}
		if code, ok := t.parse(flags, args[1:]); !ok {
			return code
		}
		b := bench{t: t, inspector: i, out: bufio.NewWriter(t.out)}
		b.json = json.NewEncoder(b.out)
		b.json.SetEscapeHTML(false)
		if !*asJSON {
			b.json.SetIndent("", "  ")
		}
		err := b.run(flags)
		if flushed := b.out.Flush(); err == nil {
			err = flushed
		}
		if err != nil {
			t.complain(err)
			return exitFailed
		}
		return exitDone
	}
	t.help()
	return exitUsage
}

// bench is one run of an inspector.
type bench struct {
	t         terminal
	inspector inspector
	out       *bufio.Writer
	json      *json.Encoder
}

func (b bench) run(flags *flag.FlagSet) error {
	if flags.NArg() == 0 {
		return b.lines(b.t.in)
	}
	for _, name := range flags.Args() {
		data, err := readInput(name)
		if err := b.answer(label{File: name}, data, err); err != nil {
			return err
		}
	}
	return nil
}

func readInput(name string) ([]byte, error) {
	const doing = "read input"
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, desk.E(desk.KindNotFound, doing, err)
	case err != nil:
		return nil, desk.E(desk.KindPermission, doing, err)
	case info.IsDir():
		return nil, desk.E(desk.KindInvalid, doing, errors.New("a folder"))
	case info.Size() > maxInspectFile:
		return nil, desk.E(desk.KindTooLarge, doing, nil)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, desk.E(desk.KindPermission, doing, err)
	}
	return data, nil
}

// lines answers JSON Lines. A line that is too long is skipped to its end.
func (b bench) lines(in io.Reader) error {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, tooLong, err := readLine(r, maxInspectLine)
		if len(line) > 0 || tooLong {
			if err := b.line(line, tooLong); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return desk.E(desk.KindInternal, "read standard input", err)
		}
	}
}

func (b bench) line(line []byte, tooLong bool) error {
	const doing = "read input"
	if tooLong {
		return b.answer(label{}, nil, desk.E(desk.KindTooLarge, doing, nil))
	}
	var in struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return b.answer(label{}, nil, desk.E(desk.KindInvalid, doing, err))
	}
	l := label{ID: idText(in.ID)}
	if in.Text == nil {
		return b.answer(l, nil, desk.E(desk.KindInvalid, doing, errors.New("no text")))
	}
	return b.answer(l, []byte(*in.Text), nil)
}

// idText takes an id that was written as a number, too.
func idText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// answer prints one line.
func (b bench) answer(l label, input []byte, err error) error {
	var v any
	if err == nil {
		v, err = b.inspector.look(l, input)
	}
	if err != nil {
		kind := string(desk.KindOf(err))
		v = inspected{label: l, Error: kind, Said: b.t.words.Say("error."+kind, nil)}
	}
	if err := b.json.Encode(v); err != nil {
		return desk.E(desk.KindInternal, "write answer", err)
	}
	return b.out.Flush() // whoever asks line by line waits for it
}

// readLine reads up to a line feed. What is longer than limit is thrown away.
func readLine(r *bufio.Reader, limit int) (line []byte, tooLong bool, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		if !tooLong {
			line = append(line, piece...)
		}
		if len(line) > limit {
			line, tooLong = nil, true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return trimEnd(line), tooLong, err
	}
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}
