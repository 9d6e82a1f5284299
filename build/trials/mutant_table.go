package main

// mutants are faults as people make them. What a short trial tries stands
// first.
var mutants = []mutant{
	{"resend on restart", []edit{{
		"store/moves.go", "if o.Final {", "if false {",
	}}},
	{"lose the guard", []edit{{
		"app/outbox/attempt.go", "if op, ok = ob.guard(ctx, op); !ok {", "if ok = true; !ok {",
	}}},
	{"skip the journal", []edit{{
		"app/outbox/attempt.go", "return j.ob.o.Store.MarkFinal(ctx, j.op)", "return nil",
	}}},
	{"resend what may have arrived", []edit{{
		"app/outbox/attempt.go", "m.To, m.NextAt = desk.OpUncertain, now", "m.To, m.NextAt = desk.OpQueued, now",
	}}},
	{"take a lost answer for a no", []edit{{
		"app/source/mail/verdict.go", "if at == inDot {", "if at == inHello {",
	}}},
	{"final mark after the dot", []edit{{
		"app/source/mail/submit.go", "if err := j.Final(ctx); err != nil {\n\t\tp.drop()",
		"defer func() { _ = j.Final(ctx) }()\n\tif err := error(nil); err != nil {\n\t\tp.drop()",
	}}},
	{"cursor before the page", []edit{{
		"app/intake/pull.go", "applied, err := in.o.Store.Apply(ctx, page)",
		"_, _ = in.o.Store.Apply(ctx, store.Page{Account: page.Account, Cursor: page.Cursor})\n\tapplied, err := in.o.Store.Apply(ctx, page)",
	}, {
		"app/intake/pull.go", "\"fernpost/app/source\"\n", "\"fernpost/app/source\"\n\t\"fernpost/store\"\n",
	}}},
	{"content as identity", []edit{{
		"app/outbox/guard.go", "if op.Attempts > 0 {", "if op.Attempts >= 0 {",
	}, {
		"app/outbox/guard.go", "if m.OpID == op.ID {", "if m.Direction == desk.FromUs && m.Text == op.Text {",
	}}},
	{"a customer's mail doesn't hold", []edit{{
		"app/outbox/guard.go", "reason = desk.ReasonCustomerWrote", "reason = desk.ReasonNone",
	}}},
	{"a colleague's answer taken for ours", []edit{{
		"app/outbox/guard.go", "if m.OpID == \"\" {\n\t\treturn false, nil", "if m.OpID == \"\" {\n\t\treturn true, nil",
	}}},
	{"go on without a look", []edit{{
		"app/outbox/guard.go", "if err := ob.o.Head.CatchUp(ctx); err != nil {", "if err := ob.o.Head.CatchUp(ctx); err != nil && ctx.Err() != nil {",
	}}},
	{"look into the inbox alone", []edit{{
		"app/source/mail/pull.go", "return f.role != desk.RoleInbox && f.role != desk.RoleSent", "return f.role != desk.RoleInbox",
	}}},
	{"base not raised", []edit{{
		"app/outbox/decide.go", "base = max(base, m.ID)", "base = max(base, op.Base)",
	}}},
	{"forget that a person agreed", []edit{{
		"app/outbox/guard.go", "reason != desk.ReasonNone || op.PersonOK {", "reason != desk.ReasonNone {",
	}}},
	{"agree to what wasn't shown", []edit{{
		"app/outbox/decide.go", "if m.ID <= seen {", "if m.ID > 0 {",
	}}},
	{"take back while sending", []edit{{
		"app/outbox/decide.go", "if op.State != desk.OpQueued {\n\t\treturn desk.Draft{}, desk.E(desk.KindTooLate", "if op.State.Ended() {\n\t\treturn desk.Draft{}, desk.E(desk.KindTooLate",
	}, {
		"store/desk/op.go", "return []OpState{OpQueued, OpSent, OpUncertain, OpNeedsYou}", "return []OpState{OpQueued, OpSent, OpUncertain, OpNeedsYou, OpCancelled}",
	}, {
		"store/sql/schema/50-guards.sql", "'sending>queued',", "'sending>queued', 'sending>cancelled',",
	}}},
	{"cancel after uncertain", []edit{{
		"app/outbox/decide.go", "if !maybe {", "if ob != nil || !maybe {",
	}}},
	{"absent without proof", []edit{{
		"app/outbox/look.go", "case source.Absent:", "case source.Absent, source.NotSeen:",
	}}},
	{"resend under a new Message-ID", []edit{{
		"app/outbox/attempt.go", "Payload: op.Payload,", "Payload: bytes.Replace(op.Payload, []byte(\"\\r\\nMessage-ID: <\"), []byte(\"\\r\\nMessage-ID: <\"+string(rune('a'+op.Attempts))), 1),",
	}, {
		"app/outbox/attempt.go", "import (\n", "import (\n\t\"bytes\"\n",
	}}},
	{"drop the draft on queue", []edit{{
		"store/ops.go", "t.do(holdDraft, op.Draft, op.ID)", "t.do(deleteDraft, op.Draft)",
	}}},
	{"acknowledge before the commit", []edit{{
		"store/tx.go", "if err = t.do(\"COMMIT\"); err != nil {", "if err = t.do(\"COMMIT\"); err != nil && t.ctx.Err() != nil {",
	}}},
	{"synchronous=NORMAL", []edit{{
		"store/base.go", "\"journal_mode(WAL)\", \"synchronous(FULL)\"", "\"journal_mode(WAL)\", \"synchronous(NORMAL)\"",
	}}},
	{"skip the lane's order", []edit{{
		"store/moves.go", "if taken {", "if taken && id == \"\" {",
	}, {
		"store/ops.go", "send_ms <= ?2 AND NOT EXISTS (", "send_ms <= ?2 OR account = ?1 AND state = 'queued' AND undo_ms <= ?2 AND next_ms <= ?2 AND NOT EXISTS (SELECT 1 WHERE ?1 <> '') OR 0 AND NOT EXISTS (",
	}}},
	{"a reset deletes drafts", []edit{{
		"store/incoming.go", "DELETE FROM remote WHERE place IN (SELECT id FROM place WHERE account = ?1 AND scope = ?2)`",
		"DELETE FROM draft WHERE op = '' AND account = ?1 AND ?2 <> ''`",
	}}},
	{"file without searching", []edit{{
		"app/source/mail/file_sent.go", "at, err := c.l.locateIn(c.sent, c.r)\n\tif err != nil || at.uid != 0 {\n\t\treturn err\n\t}\n\tif c.Begun {",
		"var err error\n\tif c.Begun && c.s == nil {",
	}}},
	{"poison tried for ever", []edit{{
		"app/source/mail/submit.go", "r, err := thawReply(sub)\n\tif err != nil {\n\t\treturn refused(desk.ReasonUnreadable, \"\")",
		"r, err := thawReply(sub)\n\tif err != nil {\n\t\treturn notApplied()",
	}}},
	{"leave before it may", []edit{{
		"app/outbox/run.go", "wait = max(wait, sane(op.UndoUntil.Sub(now)))", "wait = max(wait, 0)",
	}}},
	{"save nothing but say so", []edit{{
		"store/drafts.go", "if found && sameDraft(old, d) {", "if found && old.Revision%3 == 2 {",
	}}},
	{"status newer than what is stored", []edit{{
		"app/intake/pull.go", "in.answered(ctx, at, keptNothing)", "in.answered(ctx, in.now(), keptAll)",
	}}},
	{"remove an account with unsent replies", []edit{{
		"store/removing.go", "if !l.Within(given) {", "if t == nil && !l.Within(given) {",
	}}},
	{"a recipient in the log", []edit{{
		"app/outbox/attempt.go", "ob.record(ctx, op, ob.submit(ctx, op))", "ob.log.Info(\"sending\", \"to\", op.To.Addr)\n\tob.record(ctx, op, ob.submit(ctx, op))",
	}}},
	{"recover nothing", []edit{{
		"store/moves.go", "for _, o := range flying {", "for _, o := range flying[:0] {",
	}}},
	{"sent where the server said no", []edit{{
		"app/source/mail/submit.go", "return judged(err, inDot)", "return source.Outcome{Verdict: source.Applied}",
	}}},
}
