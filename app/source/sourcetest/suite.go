package sourcetest

import (
	"testing"
)

// promise is one case; its name says what a source promises.
type promise struct {
	name string
	run  func(*bench)
}

// Run tries the whole contract. Each case gets a fresh Lab.
func Run(t *testing.T, make Factory) {
	RunReading(t, make)
	try(t, make, sending)
}

// RunReading tries what a source promises of what it reads: for the many kinds
// of server that differ in nothing else.
func RunReading(t *testing.T, make Factory) { try(t, make, reading) }

func try(t *testing.T, make Factory, promises []promise) {
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.run(newBench(t, make)) })
	}
}

var (
	reading = []promise{
		{"opens and says who it is", opens},
		{"brings heads newest first, then texts", headsThenTexts},
		{"brings the text on screen first", focusFirst},
		{"goes on from every cursor after a cut, without gaps", resumesAnywhere},
		{"survives a line that is cut at any byte", cutAtBytes},
		{"repeats a page without harm", overlap},
		{"keeps to the horizon and goes behind it when asked", horizon},
		{"searches the server for what isn't here", searches},
		{"searches in every script", searchesScripts},
		{"searches fields and days", searchesFields},
		{"looks for news with few bytes", headsOnly},
		{"brings changed flags", flags},
		{"brings what vanished", gone},
		{"says when the server renumbers", reset},
		{"hints when mail comes", hints},
		{"hints and pulls at the same time", hintsWhilePulling},
		{"fetches a file from any offset", fetches},
		{"goes on with a file after a cut", fetchResumes},
		{"reads a broken mail without stopping", unreadable},
		{"never marks a mail as seen", neverSeen},
		{"finds what was sent, and not what wasn't", locates},
		{"files one copy, however often it is asked", files},
		{"sets a status twice as once", status},
	}
	sending = []promise{
		{"freezes the same bytes twice", freezes},
		{"refuses to freeze what can't be sent", freezeRefuses},
		{"sends once", sends},
		{"sends files, and lets them up the line once", sendsFiles},
		{"stops at a refused recipient", refusedRecipient},
		{"doesn't know after a cut behind the last mark", unknownAfterFinal},
		{"doesn't know when the answer is lost, and finds the mail", lostAnswer},
		{"has done nothing before the last mark", nothingBeforeFinal},
		{"has done nothing when the mark can't be written", markFails},
		{"has done nothing when there is no line", noLine},
		{"stops promptly", stops},
	}
)
