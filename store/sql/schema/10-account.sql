-- Accounts, how far each has been read, and what belongs to the whole desk.

CREATE TABLE account (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE CHECK (id <> ''),
  kind         TEXT    NOT NULL,
  name         TEXT    NOT NULL DEFAULT '',
  address_name TEXT    NOT NULL DEFAULT '',
  address      TEXT    NOT NULL DEFAULT '',
  identity     TEXT    NOT NULL DEFAULT '',
  state        TEXT    NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'sign_in', 'paused', 'different')),
  settings     BLOB    NOT NULL DEFAULT x'',
  created_ms   INTEGER NOT NULL DEFAULT 0,
  horizon_days INTEGER NOT NULL DEFAULT 0, -- how far back mail is brought in; 0: the usual
  removed_ms   INTEGER NOT NULL DEFAULT 0  -- since when a person wants it gone; its rows go piece by piece
) STRICT;

-- Whom an account writes as (RFC 8621 6). The first is the usual one.
CREATE TABLE identity (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  account  TEXT    NOT NULL REFERENCES account (id),
  position INTEGER NOT NULL DEFAULT 0,
  name     TEXT    NOT NULL DEFAULT '',
  address  TEXT    NOT NULL CHECK (address <> '')
) STRICT;
CREATE INDEX identity_by_account ON identity (account, position);

-- What stands under a reply, by the customer's language (BCP 47); '' where no
-- other fits.
CREATE TABLE signature (
  identity INTEGER NOT NULL REFERENCES identity (id) ON DELETE CASCADE,
  language TEXT    NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (identity, language)
) STRICT, WITHOUT ROWID;

-- One cursor for an account: only its source can read it.
CREATE TABLE cursor (
  account     TEXT    NOT NULL PRIMARY KEY REFERENCES account (id),
  value       BLOB    NOT NULL DEFAULT x'',
  verified_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- nonce and box of XChaCha20-Poly1305; the name is sealed in as associated data.
CREATE TABLE secret (
  name  TEXT NOT NULL PRIMARY KEY,
  nonce BLOB NOT NULL CHECK (length(nonce) = 24),
  box   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Whatever a screen counts stands here and is kept by triggers.
CREATE TABLE counter (
  account TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  value   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE line_event (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT    NOT NULL,
  at_ms   INTEGER NOT NULL,
  kind    TEXT    NOT NULL CHECK (kind IN ('answered', 'lost', 'sent'))
) STRICT;
CREATE INDEX line_event_by_time ON line_event (account, at_ms);

-- What a person chose about an account's line.
CREATE TABLE line_choice (
  account   TEXT    NOT NULL PRIMARY KEY,
  budget    INTEGER NOT NULL DEFAULT 0, -- bytes a day, 0: none
  text_only INTEGER NOT NULL DEFAULT 0,
  day       TEXT    NOT NULL DEFAULT '', -- the desk's day that was counted last
  freed     TEXT    NOT NULL DEFAULT ''  -- the day on which the budget doesn't count
) STRICT, WITHOUT ROWID;

-- day is the desk's own calendar day, as 2026-11-23.
CREATE TABLE meter (
  day     TEXT    NOT NULL,
  account TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  bytes   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day, account, kind)
) STRICT, WITHOUT ROWID;

-- The address book, from mail that came and went.
CREATE TABLE contact (
  account   TEXT    NOT NULL,
  folded    TEXT    NOT NULL, -- the address in lower case
  address   TEXT    NOT NULL,
  name      TEXT    NOT NULL DEFAULT '',
  name_key  TEXT    NOT NULL DEFAULT '', -- the name as it is looked for
  last_ms   INTEGER NOT NULL DEFAULT 0,
  mails     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_by_name ON contact (account, name_key) WHERE name_key <> '';

-- A large migration's place, so that it goes on where it was stopped.
CREATE TABLE migration (
  version INTEGER NOT NULL PRIMARY KEY,
  place   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- How far this database has come: counts up with every change of a row that the
-- second copy has too.
CREATE TABLE copied (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  serial INTEGER NOT NULL
) STRICT;
INSERT INTO copied (one, serial) VALUES (1, 1);
