package mailtext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The quick look before the long expressions must never decide otherwise than
// they do.
func TestAQuickLookFindsEveryFooter(t *testing.T) {
	var lines []string
	for _, pattern := range []string{
		"../../../shared/fixtures/reply-trim/discourse/*/*.txt", "../../../shared/fixtures/mime/*/*.eml", "../practice/content/*.txt",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, strings.Split(string(text), "\n")...)
		}
	}
	for word := range strings.SplitSeq("Sent from my phone|<Envoyé de mon iPhone>|Enviat des del meu mòbil|Von meinem iPhone gesendet.|"+
		"[Von Outlook für Android gesendet]|iPhone 'umdan gönderildi|iPhoneから送信|나의 iPhone에서 보냄|मेरे iPhone से भेजा गया।|Get Outlook for iOS|"+
		"Hämta Outlook för Android|أرسلت من الـ iPhone|ُارسلت من جوالي|تم الإرسال من هاتفي|发自我的iPhone|Anna from mobile", "|") {
		lines = append(lines, word)
	}
	found := 0
	for _, line := range lines {
		if len(line) > 160 {
			continue
		}
		low := strings.TrimSpace(strings.ToLower(spaced.Replace(line)))
		want := sentFrom.MatchString(low) || sentEnd.MatchString(low) || getApp.MatchString(low)
		if got := isFooter(line); got != want {
			t.Errorf("%q: %v, the expressions say %v", line, got, want)
		}
		if want {
			found++
		}
	}
	if found < 30 {
		t.Errorf("only %d footers among the lines", found)
	}
}
