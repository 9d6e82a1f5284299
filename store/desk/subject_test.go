package desk

import "testing"

func TestReplySubject(t *testing.T) {
	for in, want := range map[string]string{
		"Where is my refund?":            "Re: Where is my refund?",
		"Re: Where is my refund?":        "Re: Where is my refund?",
		"RE: re:  Rückzahlung":           "Re: Rückzahlung",
		"AW: Re[2]: SV: Rückzahlung":     "Re: Rückzahlung",
		"回复：退款":                          "Re: 退款",
		"رد: أين المبلغ المسترد؟":        "Re: أين المبلغ المسترد؟",
		"Odp: [Birkpay #4711] Re: Zwrot": "Re: [Birkpay #4711] Zwrot",
		"[Birkpay #4711] Zwrot":          "Re: [Birkpay #4711] Zwrot",
		"Antw: WG: Rechnung":             "Re: WG: Rechnung",
		"Regarding my order":             "Re: Regarding my order",
		"":                               "Re:",
		"Re: ":                           "Re:",
	} {
		if got := ReplySubject(in); got != want {
			t.Errorf("ReplySubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestForwardSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Where is my refund?": "Fwd: Where is my refund?",
		"fw: Refund":          "fw: Refund",
		"WG: Rechnung":        "WG: Rechnung",
		"转发：退款":               "转发：退款",
		"AW: WG: Rechnung":    "Fwd: AW: WG: Rechnung",
		"":                    "Fwd:",
	} {
		if got := ForwardSubject(in); got != want {
			t.Errorf("ForwardSubject(%q) = %q, want %q", in, got, want)
		}
	}
}
