package app

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestInspectHTML(t *testing.T) {
	in := `{"id": 1, "text": "<p onclick=x()>Hi</p><img src=https://t.example/1.gif>"}` + "\n" +
		`{"id": "two", "text": "plain"}` + "\n" + `{"id": "three"}` + "\n"
	code, lines := inspect(t, in, "html", "--json")
	if code != exitDone || len(lines) != 3 {
		t.Fatalf("exit %d, %d lines", code, len(lines))
	}
	want := map[string]any{
		"id": "1", "html": `<p>Hi</p><img data-remote="https://t.example/1.gif">`,
		"blocked": []any{
			map[string]any{"kind": "handler", "value": "onclick"},
			map[string]any{"kind": "remote", "value": "https://t.example/1.gif"},
		},
	}
	if !reflect.DeepEqual(lines[0], want) {
		t.Errorf("got %v", lines[0])
	}
	if blocked, ok := lines[1]["blocked"].([]any); !ok || len(blocked) != 0 || lines[1]["html"] != "plain" {
		t.Errorf("nothing to block: %v", lines[1])
	}
	if lines[2]["error"] != "invalid" || lines[2]["id"] != "three" {
		t.Errorf("no text: %v", lines[2])
	}

	file := filepath.Join(t.TempDir(), "mail.html")
	if err := os.WriteFile(file, []byte("<b>bold\xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, lines := inspect(t, "", "html", "--json", file); len(lines) != 1 || lines[0]["file"] != file || lines[0]["html"] != "<b>bold\uFFFD</b>" {
		t.Errorf("a file: %v", lines)
	}
}
