package mailtext

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, in, own, quoted string }{
		{"nothing to fold", "Hello,\n\nwhere is it?", "Hello,\n\nwhere is it?", ""},
		{"a signature", "Hello\n-- \nKatharina\nBerlin", "Hello", "--\nKatharina\nBerlin"},
		{
			"a quote", "Yes.\n\nOn Mon, 2 Jan 2026 at 10:00, Amira <amira@shop.example> wrote:\n> Red?\n> Or blue?", "Yes.",
			"On Mon, 2 Jan 2026 at 10:00, Amira <amira@shop.example> wrote:\n> Red?\n> Or blue?",
		},
		{
			"an introduction on two lines", "Yes.\n\nOn Mon, 2 Jan 2026 at 10:00, Amira from the shop\n<amira@shop.example> wrote:\n\n> Red?", "Yes.",
			"On Mon, 2 Jan 2026 at 10:00, Amira from the shop\n<amira@shop.example> wrote:\n\n> Red?",
		},
		{"German", "Ja.\n\nAm 02.01.2026 um 10:00 schrieb Amira:\n> Rot?", "Ja.", "Am 02.01.2026 um 10:00 schrieb Amira:\n> Rot?"},
		{"French", "Oui.\n\nLe 2 janv. 2026 à 10:00, Amira a écrit :\n> Rouge ?", "Oui.", "Le 2 janv. 2026 à 10:00, Amira a écrit :\n> Rouge ?"},
		{"Japanese", "はい。\n\n2026年1月2日(金) 10:00 Amira <amira@shop.example>:\n> 赤？", "はい。", "2026年1月2日(金) 10:00 Amira <amira@shop.example>:\n> 赤？"},
		{"Russian", "Да.\n\n2 янв. 2026 г., в 10:00, Amira <a@shop.example> написал(а):\n> Красный?", "Да.", "2 янв. 2026 г., в 10:00, Amira <a@shop.example> написал(а):\n> Красный?"},
		{"Outlook", "Yes.\n\n-----Original Message-----\nFrom: Amira\nRed?", "Yes.", "-----Original Message-----\nFrom: Amira\nRed?"},
		{
			"Outlook's head", "Yes.\n\n________________________________\nFrom: Amira <a@shop.example>\nSent: Monday\nTo: Katharina\nSubject: Colour\n\nRed?", "Yes.",
			"________________________________\nFrom: Amira <a@shop.example>\nSent: Monday\nTo: Katharina\nSubject: Colour\n\nRed?",
		},
		{
			"Outlook's German head", "Ja.\n\nVon: Amira <a@shop.example>\nGesendet: Montag\nAn: Katharina\nBetreff: Farbe\n\nRot?", "Ja.",
			"Von: Amira <a@shop.example>\nGesendet: Montag\nAn: Katharina\nBetreff: Farbe\n\nRot?",
		},
		{"answered below", "Amira wrote on 2 Jan 2026:\n> Red?\n\nRed, please.", "Red, please.", "Amira wrote on 2 Jan 2026:\n> Red?"},
		{"answered in between", "On 2 Jan 2026 Amira wrote:\n> Red?\nYes.\n> Size?\n42.", "On 2 Jan 2026 Amira wrote:\n> Red?\nYes.\n> Size?\n42.", ""},
		{"only a quote", "> Red?\n> Blue?", "> Red?\n> Blue?", ""},
		{
			"forwarded", "---------- Forwarded message ---------\nFrom: Bo <b@x.example>\nDate: Monday\nSubject: Cup\nTo: me\n\nIt is broken.",
			"---------- Forwarded message ---------\nFrom: Bo <b@x.example>\nDate: Monday\nSubject: Cup\nTo: me\n\nIt is broken.", "",
		},
		{"what only sounds like it", "On Monday I wrote:\n\nwhere is my cup?", "On Monday I wrote:\n\nwhere is my cup?", ""},
		{"dashes in a text", "--\nno\n", "--\nno", ""},
		{"signature above a quote", "Yes.\n--\nBo\n\nOn 2 Jan 2026 Amira wrote:\n> Red?", "Yes.", "--\nBo\n\nOn 2 Jan 2026 Amira wrote:\n> Red?"},
	} {
		own, quoted := Fold(c.in)
		if own != c.own || quoted != c.quoted {
			t.Errorf("%s:\n own %q\nwant %q\n quoted %q\n   want %q", c.name, own, c.own, quoted, c.quoted)
		}
	}
}

// Nothing that somebody wrote may be lost, whatever is folded away.
func FuzzFold(f *testing.F) {
	f.Add("a\n> b\nc\n-- \nd")
	f.Add("On 2 Jan 2026 a@b wrote:\n> x\n\ny")
	f.Fuzz(func(t *testing.T, s string) {
		own, quoted := Fold(s)
		words := func(s string) (n int) {
			for range strings.FieldsSeq(s) {
				n++
			}
			return n
		}
		if words(own)+words(quoted) != words(s) {
			t.Fatalf("%q became %q and %q", s, own, quoted)
		}
	})
}
