package mailtext

import (
	"slices"
	"testing"
)

func TestPicturesArePutIn(t *testing.T) {
	clean, _ := CleanHTML(`<p>a &lt;b&gt;</p><img src="cid:a%40b" alt="A"><img src="https://x.example/1.png"><img src="CID:none"><img src="data:image/png;base64,AAAA">`)
	cids, remote := Pictures(clean)
	if !slices.Equal(cids, []string{"a@b", "none"}) || !slices.Equal(remote, []string{"https://x.example/1.png"}) {
		t.Errorf("pictures %q, elsewhere %q in %s", cids, remote, clean)
	}
	have := map[string]string{"a@b": "data:image/png;base64,BBBB", "https://x.example/1.png": "data:image/gif;base64,CCCC"}
	shown := WithPictures(clean, func(address string) string { return have[address] })
	want := `<p>a &lt;b&gt;</p><img src="data:image/png;base64,BBBB" alt="A"><img src="data:image/gif;base64,CCCC"><img src="cid:none"><img src="data:image/png;base64,AAAA">`
	if shown != want {
		t.Errorf("got %s\nwant %s", shown, want)
	}
	if again, _ := CleanHTML(shown); again != shown {
		t.Errorf("what is shown isn't clean: %s", again)
	}
}

func TestLinks(t *testing.T) {
	clean, _ := CleanHTML(`<a href="https://shop.com/a">Your <b>parcel</b></a> <a href="https://evil.com/">paypal.com</a>` +
		`<a href="https://shop.com/a">Your parcel</a><a href="https://shop.com/b"><img alt="Cup" src="cid:1"></a><a>nothing</a><a href="mailto:a@b.example">a` + "\u202e" + `b</a>`)
	want := []Link{
		{"Your parcel", "shop.com", "https://shop.com/a", false},
		{"paypal.com", "evil.com", "https://evil.com/", true},
		{"Cup", "shop.com", "https://shop.com/b", false},
		{"ab", "a@b.example", "mailto:a@b.example", false},
	}
	if got := Links(clean); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
