package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// When main.db and its second copy meet, each counts how far it has come. Who
// is behind learns from the other. When both have come equally far and a row
// differs, a disk has changed it: the copy's row counts when its sum is right,
// else main.db's does.

// endedOpsStay is how long the copy holds what was sent: long enough for a
// person to look it up, and for the copy among the sent mail to be made.
const endedOpsStay = 7 * 24 * time.Hour

// terms say how main.db comes to meet its copy.
type terms struct {
	now    time.Time
	fresh  bool   // it was just made, because the one before is damaged or gone
	trust  bool   // the last run ended well: where both have come equally far, Check compares them later
	doubt  bool   // the copy is older than that one was
	main   string // where that one lies, "" when it is gone
	second string // where a copy lies that couldn't be read
}

// found is what a meeting showed.
type found struct {
	plans  []plan
	behind bool // main.db knew less than the copy
	rotten bool // rows of main.db were changed by the disk
	broken int  // rows of the copy that were
	empty  bool // the copy knew nothing
}

const (
	selectKeptSerial = `SELECT serial, version = (SELECT user_version FROM pragma_user_version) FROM second.kept_serial`
	setSerial        = `UPDATE copied SET serial = max(serial, ?1) + 1`
	copySerial       = `
UPDATE second.kept_serial AS k SET serial = c.serial, version = v.user_version FROM main.copied c, pragma_user_version v
WHERE (k.serial, k.version) IS NOT (c.serial, v.user_version)`
	dropKept   = `DROP TABLE second.kept_{T}`
	dropUnkept = `DELETE FROM second.kept_{T} WHERE NOT EXISTS (SELECT 1 FROM main.{T} m WHERE {kept=m} AND {rows}) AND ?1 > 0`
	keepRows   = `
INSERT OR REPLACE INTO second.kept_{T} ({}, sum)
SELECT {m.}, row_sum({m.}) FROM main.{T} m WHERE {rows} AND ?1 > 0 AND NOT EXISTS (
  SELECT 1 FROM second.kept_{T} k WHERE {m=k} AND ({k.}) IS ({m.}) AND k.sum = row_sum({k.}))`
	countBroken = `SELECT count(*) FROM second.kept_{T} k WHERE k.sum <> row_sum({k.stored})`
)

// meet brings main.db and its copy to the same, in one transaction. Where they
// are, it writes nothing.
func (b *base) meet(ctx context.Context, m terms) (f found, err error) {
	for _, pragma := range secondPragmas {
		if _, err = b.writer.ExecContext(ctx, pragma); err != nil {
			return f, err
		}
	}
	if f.plans, err = b.plans(ctx); err != nil {
		return f, err
	}
	t := &tx{ctx: context.WithoutCancel(ctx), caller: ctx, base: b, now: m.now}
	if err = t.do("BEGIN IMMEDIATE"); err != nil {
		return f, err
	}
	b.second.on = true
	return f, t.finish(func(t *tx) error {
		if err := t.run(createSecond); err != nil {
			return err
		}
		for _, p := range f.plans {
			if err := t.run(p.fill(createKept)); err != nil {
				return err
			}
		}
		olds, err := b.storedColumns(ctx, f.plans)
		if err != nil {
			return err
		}
		return t.settle(&f, olds, m)
	})
}

// storedColumns gives the columns that the copy has of each table: an older
// program may have made it.
func (b *base) storedColumns(ctx context.Context, plans []plan) (map[string][]string, error) {
	all := map[string][]string{}
	for _, p := range plans {
		columns, err := b.texts(ctx, keptColumns, p.name)
		if err != nil {
			return nil, err
		}
		all[p.name] = columns
	}
	return all, nil
}

func (t *tx) settle(f *found, stored map[string][]string, m terms) error {
	var mine, theirs int64
	var same bool // version of the schema: what a migration changed isn't rotten
	if err := errors.Join(t.scan(selectSerial, nil, &mine), t.scan(selectKeptSerial, nil, &theirs, &same)); err != nil {
		return err
	}
	if m.trust && mine == theirs && same {
		// What is compared later may be copied before; a reply must not be, with
		// bytes that a disk has changed.
		var differs bool
		for _, p := range f.plans {
			if p.name == "op" {
				if err := t.scan(p.from(stored[p.name]).fill(anyOpDiffers), nil, &differs); err != nil {
					return err
				}
			}
		}
		if !differs {
			return nil
		}
	}
	f.empty = theirs == 0
	f.behind = mine < theirs || m.fresh && (theirs > 0 || m.main != "" || m.second != "")
	if f.behind || theirs > 0 && mine == theirs && same {
		p := pull{tx: t, found: f, terms: m, theirs: theirs}
		for _, plan := range f.plans {
			p.plans = append(p.plans, plan.from(stored[plan.name]))
		}
		if err := p.run(); err != nil {
			return err
		}
	}
	if f.behind || f.rotten {
		if err := t.run(setSerial, theirs); err != nil {
			return err
		}
	}
	return t.push(f.plans, stored, m)
}

// push makes the copy what main.db is.
func (t *tx) push(plans []plan, stored map[string][]string, m terms) error {
	since := max(m.now.Add(-endedOpsStay).UnixMilli(), 1)
	for _, p := range plans {
		if !slices.Equal(stored[p.name], p.all) {
			if err := t.run(p.fill(dropKept + ";" + createKept)); err != nil {
				return err
			}
		}
	}
	for _, p := range plans {
		if err := t.run(p.fill(dropUnkept), since); err != nil {
			return err
		}
		if err := t.run(p.fill(keepRows), since); err != nil {
			return err
		}
	}
	return t.run(copySerial)
}

const (
	anyOpDiffers = `
SELECT EXISTS (SELECT 1 FROM second.kept_op k
WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you') AND ` + whole + ` AND NOT EXISTS (
  SELECT 1 FROM main.op m WHERE {m=k} AND ({m.common}) IS ({k.homed})))`
	anyOther = `
SELECT EXISTS (SELECT 1 FROM second.kept_{T} k WHERE k.sum <> row_sum({k.}) OR NOT EXISTS (
  SELECT 1 FROM main.{T} m WHERE {m=k} AND ({m.}) IS ({k.})))`
	anyMissing = `
SELECT EXISTS (SELECT 1 FROM main.{T} m WHERE {rows} AND ?1 > 0 AND NOT EXISTS (SELECT 1 FROM second.kept_{T} k WHERE {m=k}))`
)

// compare tells whether every row of the copy is main.db's, and none is missing.
// Where so, what has to stay in the copy no longer is taken out of it. The caller
// has the turn.
func (b *base) compare(ctx context.Context, now time.Time) (same bool, err error) {
	plans, err := b.plans(ctx)
	if err != nil {
		return false, err
	}
	since := max(now.Add(-endedOpsStay).UnixMilli(), 1)
	for _, p := range plans {
		for query, args := range map[string][]any{anyOther: nil, anyMissing: {since}} {
			var differs bool
			if err := b.writer.QueryRowContext(ctx, p.fill(query), args...).Scan(&differs); err != nil || differs {
				return false, err
			}
		}
	}
	for _, p := range plans {
		if _, err := b.writer.ExecContext(ctx, p.fill(dropUnkept), since); err != nil {
			return true, err
		}
	}
	return true, nil
}

// run executes what isn't worth preparing.
func (t *tx) run(query string, args ...any) error {
	_, err := t.base.writer.ExecContext(t.ctx, query, args...)
	return err
}

func (t *tx) scan(query string, args []any, dest ...any) error {
	return t.base.writer.QueryRowContext(t.ctx, query, args...).Scan(dest...)
}

// from gives the plan for reading a copy that has these columns.
func (p plan) from(stored []string) reading {
	r := reading{plan: p, stored: stored}
	for _, c := range p.all {
		if slices.Contains(stored, c) {
			r.common = append(r.common, c)
		}
	}
	return r
}

// reading is a plan together with the columns that the copy really has.
type reading struct {
	plan
	stored, common []string
}

// homed is a conversation's id in main.db, which may be another than the copy's.
const homed = `coalesce((SELECT h.main FROM temp.home h WHERE h.kept = k.conversation), k.conversation)`

func (r reading) fill(sql string) string {
	values := make([]string, len(r.common))
	for i, c := range r.common {
		values[i] = "k." + c
		if c == "conversation" {
			values[i] = homed
		}
	}
	return r.plan.fill(strings.NewReplacer(
		"{common}", of("", r.common), "{m.common}", of("m.", r.common), "{k.homed}", strings.Join(values, ", "),
		"{k.stored}", of("k.", r.stored),
	).Replace(sql))
}
