package mail_test

import (
	"testing"

	"fernpost/app/source/mail/maillab"
	"fernpost/app/source/sourcetest"
)

func TestContractMemory(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Lab { return maillab.Memory(t) })
}
