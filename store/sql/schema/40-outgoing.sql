-- Drafts. One that an op holds can't be edited and isn't the open draft.
CREATE TABLE draft (
  id           TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
  account      TEXT    NOT NULL REFERENCES account (id),
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  op           TEXT    NOT NULL DEFAULT '',
  rev          INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX draft_open ON draft (conversation) WHERE op = '';
CREATE INDEX draft_by_conversation ON draft (conversation);

CREATE TABLE draft_rev (
  draft    TEXT    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  rev      INTEGER NOT NULL,
  to_list  TEXT    NOT NULL DEFAULT '[]',
  cc_list  TEXT    NOT NULL DEFAULT '[]',
  bcc_list TEXT    NOT NULL DEFAULT '[]',
  subject  TEXT    NOT NULL DEFAULT '',
  body     TEXT    NOT NULL DEFAULT '',
  base     INTEGER NOT NULL DEFAULT 0,
  saved_ms INTEGER NOT NULL,
  identity INTEGER NOT NULL DEFAULT 0, -- whom it is written as; 0: the account's usual one
  rich     TEXT    NOT NULL DEFAULT '', -- body with its form; '' when it has none
  quotes   INTEGER NOT NULL DEFAULT 0, -- the message that stands below the text
  passes_on INTEGER NOT NULL DEFAULT 0, -- 1: that message is forwarded
  PRIMARY KEY (draft, rev)
) STRICT;

-- Outgoing operations. Identity and payload are frozen when queued.
CREATE TABLE op (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE CHECK (id <> ''),
  account      TEXT    NOT NULL REFERENCES account (id),
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  lane         TEXT    NOT NULL CHECK (lane IN ('public', 'internal', 'state')),
  kind         TEXT    NOT NULL CHECK (kind IN ('reply', 'status')),
  payload      BLOB    NOT NULL,
  payload_sha  BLOB    NOT NULL CHECK (length(payload_sha) = 32),
  base         INTEGER NOT NULL DEFAULT 0,
  draft        TEXT    NOT NULL DEFAULT '',
  state        TEXT    NOT NULL DEFAULT 'queued'
               CHECK (state IN ('queued', 'sending', 'uncertain', 'sent', 'reconciled', 'held', 'needs_you', 'cancelled')),
  reason       TEXT    NOT NULL DEFAULT '',
  detail       TEXT    NOT NULL DEFAULT '',
  attempts     INTEGER NOT NULL DEFAULT 0,
  looks        INTEGER NOT NULL DEFAULT 0,
  person_ok    INTEGER NOT NULL DEFAULT 0,
  final        INTEGER NOT NULL DEFAULT 0,
  undo_ms      INTEGER NOT NULL DEFAULT 0,
  next_ms      INTEGER NOT NULL DEFAULT 0,
  created_ms   INTEGER NOT NULL,
  changed_ms   INTEGER NOT NULL,
  receipt_id   TEXT    NOT NULL DEFAULT '',
  receipt_version TEXT NOT NULL DEFAULT '',
  receipt_detail  TEXT NOT NULL DEFAULT '',
  receipt_ms   INTEGER NOT NULL DEFAULT 0,
  filed        INTEGER NOT NULL DEFAULT 0, -- 1: nothing is left to do about the copy among the sent mail; 2: none was seen there
  to_name      TEXT    NOT NULL DEFAULT '',
  to_addr      TEXT    NOT NULL DEFAULT '',
  subject      TEXT    NOT NULL DEFAULT '',
  preview      TEXT    NOT NULL DEFAULT '',
  body         TEXT    NOT NULL DEFAULT '',
  bytes        INTEGER NOT NULL DEFAULT 0,
  before_status   TEXT NOT NULL DEFAULT '', -- the conversation's, given back when taken back
  before_chosen   INTEGER NOT NULL DEFAULT 0,
  before_settled  INTEGER NOT NULL DEFAULT 0,
  then_status     TEXT NOT NULL DEFAULT '',
  send_ms      INTEGER NOT NULL DEFAULT 0, -- not before; 0: at once
  until_ms     INTEGER NOT NULL DEFAULT 0, -- not after; 0: whenever the line allows
  turn_ms      INTEGER NOT NULL DEFAULT 0, -- its place in its lane, before seq
  filing_ms    INTEGER NOT NULL DEFAULT 0  -- a copy is being put among the sent mail; how that ended nobody saw
) STRICT;
CREATE INDEX op_unfinished ON op (account, seq)
  WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you');
CREATE INDEX op_lane ON op (conversation, lane, seq)
  WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you');
CREATE INDEX op_by_conversation ON op (conversation, seq);
CREATE INDEX op_sent ON op (changed_ms DESC) WHERE state IN ('sent', 'reconciled');
CREATE INDEX op_unfiled ON op (account, changed_ms)
  WHERE filed = 0 AND kind = 'reply' AND state IN ('sent', 'reconciled');

CREATE TABLE attempt (
  op     TEXT    NOT NULL REFERENCES op (id),
  n      INTEGER NOT NULL CHECK (n > 0),
  phase  TEXT    NOT NULL CHECK (phase IN ('sending', 'final', 'end')),
  boot   TEXT    NOT NULL DEFAULT '',
  at_ms  INTEGER NOT NULL,
  result TEXT    NOT NULL DEFAULT '',
  detail TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (op, n, phase)
) STRICT, WITHOUT ROWID;
