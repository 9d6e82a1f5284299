-- The database itself refuses what must never happen to outgoing work,
-- whatever the program around it does.

CREATE TRIGGER op_starts_queued BEFORE INSERT ON op WHEN NEW.state <> 'queued'
BEGIN SELECT RAISE(ABORT, 'an op starts queued'); END;

CREATE TRIGGER op_frozen BEFORE UPDATE OF seq, id, account, lane, kind, payload, payload_sha, created_ms, send_ms, turn_ms ON op
BEGIN SELECT RAISE(ABORT, 'an op is frozen'); END;

CREATE TRIGGER op_moves BEFORE UPDATE OF state ON op
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
  'queued>sending', 'queued>held', 'queued>needs_you', 'queued>cancelled',
  'sending>queued', 'sending>sent', 'sending>uncertain', 'sending>needs_you',
  'uncertain>reconciled', 'uncertain>queued', 'uncertain>needs_you',
  'held>queued', 'held>cancelled',
  'needs_you>reconciled', 'needs_you>sent', 'needs_you>queued', 'needs_you>cancelled')
BEGIN SELECT RAISE(ABORT, 'not a legal move of an op'); END;

-- A reply that is to leave later doesn't leave earlier, nor one that came too late.
CREATE TRIGGER op_in_time BEFORE UPDATE OF state ON op
WHEN NEW.state = 'sending' AND OLD.state <> 'sending'
  AND (NEW.changed_ms < OLD.send_ms OR OLD.until_ms > 0 AND NEW.changed_ms > OLD.until_ms)
BEGIN SELECT RAISE(ABORT, 'not at this time'); END;

CREATE TRIGGER op_until_only_lifted BEFORE UPDATE OF until_ms ON op WHEN NEW.until_ms NOT IN (OLD.until_ms, 0)
BEGIN SELECT RAISE(ABORT, 'an op is frozen'); END;

-- A copy whose filing came to an end that nobody saw may stand there: another
-- could be a second one.
CREATE TRIGGER op_filed_once BEFORE UPDATE OF filing_ms ON op
WHEN NEW.filing_ms > 0 AND (OLD.filing_ms > 0 OR OLD.filed > 0 OR OLD.state NOT IN ('sent', 'reconciled'))
BEGIN SELECT RAISE(ABORT, 'a copy may stand there'); END;

-- Not a unique index: two conversations that merge may each have one flying.
CREATE TRIGGER op_one_flying BEFORE UPDATE OF state ON op
WHEN NEW.state = 'sending' AND OLD.state <> 'sending' AND EXISTS (
  SELECT 1 FROM op o
  WHERE o.conversation = OLD.conversation AND o.lane = OLD.lane AND o.seq <> OLD.seq
    AND o.state IN ('sending', 'uncertain'))
BEGIN SELECT RAISE(ABORT, 'another op of the lane is on its way'); END;

CREATE TRIGGER op_stays BEFORE DELETE ON op WHEN OLD.state NOT IN ('sent', 'reconciled', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'unfinished work'); END;

CREATE TRIGGER op_person_ok_stays BEFORE UPDATE OF person_ok ON op WHEN NEW.person_ok < OLD.person_ok
BEGIN SELECT RAISE(ABORT, 'a person''s decision stays'); END;

CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt
BEGIN SELECT RAISE(ABORT, 'the journal is only written'); END;

CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt
WHEN EXISTS (SELECT 1 FROM op o WHERE o.id = OLD.op)
BEGIN SELECT RAISE(ABORT, 'the journal is kept'); END;

-- A draft that an unfinished op holds stays as it is.
CREATE TRIGGER draft_held BEFORE DELETE ON draft
WHEN EXISTS (SELECT 1 FROM op o WHERE o.id = OLD.op AND o.state NOT IN ('sent', 'reconciled', 'cancelled'))
BEGIN SELECT RAISE(ABORT, 'an op holds the draft'); END;

CREATE TRIGGER draft_not_edited BEFORE INSERT ON draft_rev
WHEN EXISTS (SELECT 1 FROM draft d WHERE d.id = NEW.draft AND d.op <> '')
BEGIN SELECT RAISE(ABORT, 'an op holds the draft'); END;
