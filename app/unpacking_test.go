package app

import (
	"archive/zip"
	"bytes"
	"testing"

	"fernpost/app/mailtext"
)

// A hostile winmail.dat may name all its files alike, or after places outside.
func TestZippedNamesAreSafeAndDistinct(t *testing.T) {
	same := mailtext.Unpacked{File: mailtext.File{Name: "../../CON.txt", Type: "text/plain"}, Data: []byte("x")}
	data, err := zipped([]mailtext.Unpacked{same, same, {File: mailtext.File{Type: "image/png"}}})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"_CON.txt", "2 _CON.txt", "file.png"}
	for i, f := range z.File {
		if i >= len(want) || f.Name != want[i] {
			t.Errorf("file %d is %q, want %q", i, f.Name, want)
		}
	}
	if len(z.File) != len(want) {
		t.Errorf("%d files", len(z.File))
	}
}
