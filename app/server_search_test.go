package app

import (
	"reflect"
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store/question"
)

func TestServersAreAskedForWhatTheyKnow(t *testing.T) {
	q := question.Parse(`late -soon "red parcel" from:maria -from:rossi to:desk subject:"my order" is:open has:file label:x lang:de after:2026 before:2026-03`, time.Now())
	want := intake.SearchOptions{
		Text: `"late" "red parcel"`, Limit: serverHits,
		Among: source.Among{
			From: []string{"maria"}, To: []string{"desk"}, Subject: []string{"my order"},
			Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.Local), Before: time.Date(2026, 3, 1, 0, 0, 0, 0, time.Local),
		},
	}
	if got := askServers(&q); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	none := question.Parse("is:open -x", time.Now())
	if got := askServers(&none); got.Text != "" || !reflect.DeepEqual(got.Among, source.Among{}) {
		t.Errorf("%+v", got)
	}
}
