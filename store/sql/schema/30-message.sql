-- id is milliseconds of the server's date and 12 bits of order. The text lies
-- beside, so that heads stay small.
CREATE TABLE message (
  id           INTEGER PRIMARY KEY,
  account      TEXT    NOT NULL REFERENCES account (id),
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  stable       TEXT    NOT NULL DEFAULT '',
  header_id    TEXT    NOT NULL DEFAULT '',
  root         TEXT    NOT NULL, -- where this message says its conversation began
  op           TEXT    NOT NULL DEFAULT '',
  direction    TEXT    NOT NULL CHECK (direction IN ('in', 'out', 'note')),
  kind         TEXT    NOT NULL CHECK (kind IN ('person', 'bounce', 'auto', 'list')),
  from_name    TEXT    NOT NULL DEFAULT '',
  from_addr    TEXT    NOT NULL DEFAULT '',
  reply_to     TEXT    NOT NULL DEFAULT '[]',
  to_list      TEXT    NOT NULL DEFAULT '[]',
  cc_list      TEXT    NOT NULL DEFAULT '[]',
  refs         TEXT    NOT NULL DEFAULT '[]',
  subject      TEXT    NOT NULL DEFAULT '',
  at_ms        INTEGER NOT NULL,
  declared     TEXT    NOT NULL DEFAULT '', -- the sender's word on the language
  language     TEXT    NOT NULL DEFAULT '',
  text_state   TEXT    NOT NULL DEFAULT 'coming' CHECK (text_state IN ('coming', 'here', 'none')),
  text_remote  INTEGER NOT NULL DEFAULT 0, -- the place its text came from
  preview      TEXT    NOT NULL DEFAULT '',
  files        INTEGER NOT NULL DEFAULT 0,
  seen         INTEGER NOT NULL DEFAULT 0, -- as the server says
  read         INTEGER NOT NULL DEFAULT 0, -- here; never told to the server
  answered     INTEGER NOT NULL DEFAULT 0,
  keywords     TEXT    NOT NULL DEFAULT '[]',
  warnings     TEXT    NOT NULL DEFAULT '[]',
  junk         INTEGER NOT NULL DEFAULT 0, -- lies in junk folders only
  gone         INTEGER NOT NULL DEFAULT 0, -- lies nowhere on the server any more
  customer_name TEXT   NOT NULL DEFAULT '', -- whom the head names in From's place
  customer_addr TEXT   NOT NULL DEFAULT '',
  via          TEXT    NOT NULL DEFAULT '' CHECK (via IN ('', 'form', 'forwarded', 'list')),
  ask          TEXT    NOT NULL DEFAULT '', -- as via: the text may name the customer
  named_name   TEXT    NOT NULL DEFAULT '', -- whom the text names
  named_addr   TEXT    NOT NULL DEFAULT '',
  named_via    TEXT    NOT NULL DEFAULT '' CHECK (named_via IN ('', 'form', 'forwarded')),
  marks        TEXT    NOT NULL DEFAULT '[]', -- what is wrong about the sender
  concerns     TEXT    NOT NULL DEFAULT '[]', -- of a bounce: the mails it is about
  asks         TEXT    NOT NULL DEFAULT ''    -- matters it may belong to, where its references lead nowhere
) STRICT;
CREATE INDEX message_by_conversation ON message (conversation, id);
CREATE INDEX message_by_stable ON message (stable) WHERE stable <> '';
CREATE INDEX message_by_op ON message (op) WHERE op <> '';

-- What a message is about, by hash: the customer and the subject, or whom a mail
-- of ours went to.
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

CREATE TABLE message_text (
  message INTEGER PRIMARY KEY REFERENCES message (id),
  body    TEXT NOT NULL DEFAULT '',
  quoted  TEXT NOT NULL DEFAULT '',
  html    TEXT NOT NULL DEFAULT ''
) STRICT;

-- A folder in one numbering of its server (UIDVALIDITY).
CREATE TABLE place (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT    NOT NULL REFERENCES account (id),
  scope   TEXT    NOT NULL,
  epoch   TEXT    NOT NULL,
  UNIQUE (account, scope, epoch)
) STRICT;

CREATE TABLE remote (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  place   INTEGER NOT NULL REFERENCES place (id),
  rid     TEXT    NOT NULL,
  message INTEGER NOT NULL REFERENCES message (id),
  version TEXT    NOT NULL DEFAULT '',
  junk    INTEGER NOT NULL DEFAULT 0,
  UNIQUE (place, rid)
) STRICT;
CREATE INDEX remote_by_message ON remote (message);

CREATE TABLE attachment (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  message  INTEGER NOT NULL REFERENCES message (id),
  part     TEXT    NOT NULL,
  name     TEXT    NOT NULL DEFAULT '',
  type     TEXT    NOT NULL DEFAULT '',
  encoding TEXT    NOT NULL DEFAULT '',
  size     INTEGER NOT NULL DEFAULT 0,
  have     INTEGER NOT NULL DEFAULT 0, -- a copy: blobs.db is the truth
  cid      TEXT    NOT NULL DEFAULT '',
  inline   INTEGER NOT NULL DEFAULT 0,
  UNIQUE (message, part)
) STRICT;

-- The row id is the message's id, so "newest first" is the order of the index.
-- Beginnings of two and three characters have an index of their own; longer
-- ones are few enough to be looked up as words.
CREATE VIRTUAL TABLE search USING fts5(
  subject, body, people,
  content = '', contentless_delete = 1, tokenize = 'fernpost', prefix = '2 3'
);
INSERT INTO search (search, rank) VALUES ('pgsz', 4000), ('hashsize', 8388608);
-- Messages whose entry in the index is to be made anew.
CREATE TABLE search_due (
  message INTEGER PRIMARY KEY,
  stands  INTEGER NOT NULL -- 1: the index has an entry of it
) STRICT;
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, instance);
