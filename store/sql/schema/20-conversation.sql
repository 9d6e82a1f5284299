-- A conversation holds everything a list row shows, so that lists never read
-- messages. All of it but status, snooze and what triggers keep can be derived
-- from the messages at any time.
CREATE TABLE conversation (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  account          TEXT    NOT NULL REFERENCES account (id),
  key              TEXT    NOT NULL DEFAULT '', -- the shared key
  subject          TEXT    NOT NULL DEFAULT '',
  customer_name    TEXT    NOT NULL DEFAULT '',
  customer_addr    TEXT    NOT NULL DEFAULT '',
  language         TEXT    NOT NULL DEFAULT '',
  status           TEXT    NOT NULL DEFAULT 'open'
                   CHECK (status IN ('open', 'waiting', 'snoozed', 'done', 'spam', 'bin')),
  chosen           INTEGER NOT NULL DEFAULT 0, -- 1: a person set the status
  settled          INTEGER NOT NULL DEFAULT 0, -- newest message a person dealt with
  told             TEXT    NOT NULL DEFAULT '', -- the status the server's keywords tell
  over             TEXT    NOT NULL DEFAULT '', -- what they told when a person chose
  snoozed_until_ms INTEGER NOT NULL DEFAULT 0,
  labels           TEXT    NOT NULL DEFAULT '[]',
  waiting_since_ms INTEGER NOT NULL DEFAULT 0,
  last_at_ms       INTEGER NOT NULL DEFAULT 0,
  last_message     INTEGER NOT NULL DEFAULT 0,
  preview          TEXT    NOT NULL DEFAULT '',
  messages         INTEGER NOT NULL DEFAULT 0,
  unread           INTEGER NOT NULL DEFAULT 0,
  files            INTEGER NOT NULL DEFAULT 0,
  shown            INTEGER NOT NULL DEFAULT 0, -- 1: has something to show
  mixed            INTEGER NOT NULL DEFAULT 0, -- 1: more than references made it
  draft            TEXT    NOT NULL DEFAULT '', -- kept by triggers
  op_mark          INTEGER NOT NULL DEFAULT 0,  -- kept by triggers: most urgent reply
  op_undo_ms       INTEGER NOT NULL DEFAULT 0,  -- kept by triggers: a queued reply's undo
  -- The longest waiting customer first, then the others newest first.
  longest          INTEGER NOT NULL GENERATED ALWAYS AS
                   (CASE WHEN waiting_since_ms > 0 THEN waiting_since_ms
                         ELSE 4611686018427387904 - last_at_ms END) STORED
) STRICT;
CREATE INDEX conversation_newest ON conversation (status, last_at_ms DESC, id DESC) WHERE shown = 1;
CREATE INDEX conversation_longest ON conversation (status, longest, id) WHERE shown = 1;
CREATE INDEX conversation_account_newest ON conversation (account, status, last_at_ms DESC, id DESC) WHERE shown = 1;
CREATE INDEX conversation_account_longest ON conversation (account, status, longest, id) WHERE shown = 1;
CREATE INDEX conversation_draft ON conversation (last_at_ms DESC, id DESC) WHERE draft <> '';
CREATE INDEX conversation_account_draft ON conversation (account, last_at_ms DESC, id DESC) WHERE draft <> '';
CREATE INDEX conversation_customer ON conversation (account, customer_addr COLLATE NOCASE, last_at_ms DESC) WHERE shown = 1;

-- Every Message-ID that was seen or referred to, and with it every shared key
-- a conversation ever had: a key once given leads here for ever.
CREATE TABLE conversation_key (
  key          TEXT    NOT NULL,
  account      TEXT    NOT NULL,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  PRIMARY KEY (key, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_key_by_conversation ON conversation_key (conversation);

-- Local ids of conversations that were merged into another.
CREATE TABLE conversation_merged (
  id   INTEGER PRIMARY KEY,
  into_conversation INTEGER NOT NULL REFERENCES conversation (id)
) STRICT;
CREATE INDEX conversation_merged_into ON conversation_merged (into_conversation);

-- What a person decided: messages named by their own keys, on two sides of a
-- split or on one of a merge. The newest decision on a message counts.
CREATE TABLE decision (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind    TEXT    NOT NULL CHECK (kind IN ('merge', 'split')),
  at_ms   INTEGER NOT NULL, -- no two of an account have the same
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

CREATE TABLE label (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  UNIQUE (account, name)
) STRICT;

CREATE TABLE conversation_label (
  label        INTEGER NOT NULL REFERENCES label (id),
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  PRIMARY KEY (label, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_label_by_conversation ON conversation_label (conversation);
