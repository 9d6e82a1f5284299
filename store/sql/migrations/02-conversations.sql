-- Conversations that people merge and split, and mail without references.

ALTER TABLE conversation ADD COLUMN mixed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE message ADD COLUMN customer_name TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN customer_addr TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN via TEXT NOT NULL DEFAULT '' CHECK (via IN ('', 'form', 'forwarded', 'list'));
ALTER TABLE message ADD COLUMN ask TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN named_name TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN named_addr TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN named_via TEXT NOT NULL DEFAULT '' CHECK (named_via IN ('', 'form', 'forwarded'));
ALTER TABLE message ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE message ADD COLUMN concerns TEXT NOT NULL DEFAULT '[]';
ALTER TABLE message ADD COLUMN asks TEXT NOT NULL DEFAULT '';

CREATE INDEX conversation_customer ON conversation (account, customer_addr COLLATE NOCASE, last_at_ms DESC) WHERE shown = 1;

CREATE TABLE decision (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind    TEXT    NOT NULL CHECK (kind IN ('merge', 'split')),
  at_ms   INTEGER NOT NULL,
  undone  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX decision_by_account ON decision (account, at_ms);

CREATE TABLE decision_message (
  decision INTEGER NOT NULL REFERENCES decision (id) ON DELETE CASCADE,
  key      TEXT    NOT NULL,
  side     INTEGER NOT NULL,
  PRIMARY KEY (decision, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_message_by_key ON decision_message (key);

CREATE TABLE message_matter (
  matter  INTEGER NOT NULL,
  at_ms   INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  PRIMARY KEY (matter, at_ms, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_matter_by_message ON message_matter (message);

-- What reports (RFC 3464) say of each recipient of a mail of ours.
CREATE TABLE delivery (
  report     INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  folded     TEXT    NOT NULL, -- the recipient, to compare
  recipient  TEXT    NOT NULL,
  action     TEXT    NOT NULL CHECK (action IN ('failed', 'delayed', 'delivered', 'relayed', 'expanded')),
  status     TEXT    NOT NULL DEFAULT '',
  reason     TEXT    NOT NULL DEFAULT '',
  diagnostic TEXT    NOT NULL DEFAULT '',
  server     TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (report, folded)
) STRICT, WITHOUT ROWID;
