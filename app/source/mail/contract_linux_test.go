package mail_test

import (
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
// none at all. Most of the time is spent waiting: they run side by side.
func TestContractWithoutExtensions(t *testing.T) {
	servers := maillab.NewServers(t)
	unused := []string{"BINARY", "UTF8", "MOVE", "UIDPLUS", "NAMESPACE", "UNSELECT"} // offered, and never needed
	for name, lacks := range map[string][]string{
		"CONDSTORE":   {"CONDSTORE"},
		"QRESYNC":     {"QRESYNC"},
		"IDLE":        {"IDLE"},
		"ESEARCH":     {"ESEARCH"},
		"SPECIAL-USE": {"SPECIAL-USE"},
		"LIST-STATUS": {"LIST-STATUS", "LIST-EXTENDED"},
		"unused":      unused,
		"ID and more": {"ID", "LITERAL", "SASL-IR", "ENABLE"},
		"any": append([]string{
			"CONDSTORE", "QRESYNC", "IDLE", "ESEARCH", "SPECIAL-USE", "LIST-STATUS", "LIST-EXTENDED", "LITERAL", "SASL-IR", "ID", "ENABLE",
		}, unused...),
	} {
		t.Run("without "+name, func(t *testing.T) {
			t.Parallel()
			sourcetest.RunReading(t, func(t *testing.T) sourcetest.Lab { return servers.Without(t, lacks...) })
		})
	}
}
