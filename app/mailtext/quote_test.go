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
		{"answered in between", "On 2 Jan 2026 Amira wrote:\n> Red?\nYes.\n> Size?\n42.", "> Red?\nYes.\n> Size?\n42.", "On 2 Jan 2026 Amira wrote:"},
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

// Each line that isn't empty stands in exactly one of the two, in its order.
func FuzzFold(f *testing.F) {
	f.Add("a\n> b\nc\n-- \nd")
	f.Add("On 2 Jan 2026 a@b wrote:\n> x\n\ny")
	f.Add("a\n\nFrom: x@y\nTo: b\nSubject: c\n\nd\n_____\ne")
	f.Add("a\n| b\nAnna> c\nAnna> d\n\nSent from my iPhone")
	f.Fuzz(func(t *testing.T, s string) {
		own, quoted := Fold(s)
		all := map[string]int{}
		for line := range strings.Lines(s) {
			all[strings.Join(strings.Fields(unmarked(line)), " ")]++
		}
		for line := range strings.Lines(own + "\n" + quoted) {
			all[strings.Join(strings.Fields(line), " ")]--
		}
		for line, n := range all {
			if line != "" && n != 0 {
				t.Fatalf("%q: %d times more or less in %q and %q", line, n, own, quoted)
			}
		}
	})
}

// Each of these makes a careless folder slow: half a MB of it takes longer than a
// test may last, where the work grows with the square.
func TestFoldLargeTexts(t *testing.T) {
	for name, piece := range map[string]string{
		"a line of marks":        ">",
		"lines of marks":         ">\n",
		"empty lines":            "\n",
		"introductions":          "On 2 Jan 2026 10:00 a@b.example wrote:\n",
		"dates":                  "2026-11-20 10:00:\n",
		"broken introductions":   "On 2 Jan 2026 <a\n\n<\n",
		"heads":                  "From: a@b\nTo: c\n\n",
		"names":                  "From: a@b\n",
		"answers":                "> a\nb\n",
		"rules":                  "_____\n\n",
		"signatures":             "-- \n",
		"footers":                "Sent from my iPhone\n",
		"nearly a footer":        "sent from " + strings.Repeat("a ", 15),
		"words before a mark":    "a> ",
		"dashes and words":       "---- original message ",
		"bars":                   "| a\n",
		"marks of the structure": quoteStart + "a\n" + signaturePart + "b\n",
	} {
		t.Run(name, func(t *testing.T) {
			own, quoted := Fold(strings.Repeat(piece, (1<<19)/len(piece)))
			if len(own)+len(quoted) > 1<<19+2 {
				t.Errorf("%d bytes came out", len(own)+len(quoted))
			}
		})
	}
}

func TestForwarded(t *testing.T) {
	for in, want := range map[string]bool{
		"Please look.\n\n---------- Forwarded message ---------\nFrom: Anna <a@b.example>\nSubject: Cup\n\nBroken":               true,
		"Please look.\n\nSent from my iPhone\n\n> Begin forwarded message:\n>\n> From: Anna <a@b.example>\n>\n> Broken":          true,
		"Schau mal.\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Tasse\nVon: Anna <a@b.example>\nAn: mich\n\nKaputt": true,
		"Yes.\n\n-----Original Message-----\nFrom: Anna\n\nForwarded message":                                                    false,
		"Yes.\n\nOn 2 Jan 2026, Anna <a@b.example> wrote:\n> Red?":                                                               false,
		"Yes.": false,
	} {
		if _, quoted := Fold(in); Forwarded(quoted) != want {
			t.Errorf("%q: passed on %v, want %v", in, !want, want)
		}
	}
}
