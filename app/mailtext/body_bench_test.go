package mailtext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkFold folds what the trimming cases say: each form of quote and
// signature that mail programs write.
func BenchmarkFold(b *testing.B) {
	texts := caseTexts(b)
	for b.Loop() {
		for _, text := range texts {
			Fold(text)
		}
	}
}

// BenchmarkBody reads the same as plain parts come from a server, with the ends
// of lines that mail has.
func BenchmarkBody(b *testing.B) {
	var parts []Part
	for _, text := range caseTexts(b) {
		p := &Piece{Type: "text/plain", Params: map[string]string{"charset": "utf-8"}, Encoding: "7bit", Path: []int{1}}
		parts = append(parts, Part{Text: Text{Piece: p}, Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))})
	}
	for b.Loop() {
		for _, p := range parts {
			Body([]Part{p}, nil)
		}
	}
}

// BenchmarkHead asks a head for all that a conversation needs.
func BenchmarkHead(b *testing.B) {
	raw, err := os.ReadFile("testdata/mails/apple.eml")
	if err != nil {
		b.Fatal(err)
	}
	d := Desk{Addresses: []string{"support@shop.example"}, AuthServs: []string{"shop.example"}}
	for b.Loop() {
		h := ParseHeader(raw)
		Marks(h, Kind(h, "text/plain"), d)
		ReadCustomer(h, d)
		h.Sender()
	}
}

func caseTexts(b *testing.B) (texts []string) {
	b.Helper()
	names, err := filepath.Glob(trimCases + "/emails/*.txt")
	if err != nil || len(names) == 0 {
		b.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	return texts
}
