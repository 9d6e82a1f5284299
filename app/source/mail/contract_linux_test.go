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
