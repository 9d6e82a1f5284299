-- Replies that leave later, or not after a time, and copies among the sent mail
-- that are put there once.
ALTER TABLE op ADD COLUMN send_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE op ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE op ADD COLUMN turn_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE op ADD COLUMN filing_ms INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER op_frozen;
CREATE TRIGGER op_frozen BEFORE UPDATE OF seq, id, account, lane, kind, payload, payload_sha, created_ms, send_ms, turn_ms ON op
BEGIN SELECT RAISE(ABORT, 'an op is frozen'); END;

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
