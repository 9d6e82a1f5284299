package mail_test

import (
	"sync"
	"testing"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/app/source/sourcetest"
)

func TestContractDovecotExim(t *testing.T) {
	servers := maillab.NewServers(t)
	sourcetest.Run(t, func(t *testing.T) sourcetest.Lab { return servers.Lab(t, mail.TLSImplicit) })
}

// The same promises on a server that lacks an extension, and on one that has
// none at all. Nearly all of the time is spent waiting for the server: all run at
// once, which t.Parallel wouldn't allow on few processors. What is never needed
// is hidden from all of them.
func TestContractWithoutExtensions(t *testing.T) {
	servers := maillab.NewServers(t)
	unused := []string{"BINARY", "UTF8", "MOVE", "UIDPLUS", "NAMESPACE", "UNSELECT"}
	var all sync.WaitGroup
	for name, lacks := range map[string][]string{
		"CONDSTORE":   {"CONDSTORE"},
		"QRESYNC":     {"QRESYNC"},
		"IDLE":        {"IDLE"},
		"ESEARCH":     {"ESEARCH"},
		"SPECIAL-USE": {"SPECIAL-USE"},
		"LIST-STATUS": {"LIST-STATUS", "LIST-EXTENDED"},
		"ID and more": {"ID", "LITERAL", "SASL-IR", "ENABLE"},
		"any":         {"CONDSTORE", "QRESYNC", "IDLE", "ESEARCH", "SPECIAL-USE", "LIST-STATUS", "LIST-EXTENDED", "LITERAL", "SASL-IR", "ID", "ENABLE"},
	} {
		all.Go(func() {
			t.Run("without "+name, func(t *testing.T) {
				sourcetest.RunReading(t, func(t *testing.T) sourcetest.Lab { return servers.Without(t, append(lacks, unused...)...) })
			})
		})
	}
	all.Wait()
}
