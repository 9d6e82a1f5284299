ALTER TABLE account ADD COLUMN horizon_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN removed_ms INTEGER NOT NULL DEFAULT 0;

CREATE TABLE identity (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  account  TEXT    NOT NULL REFERENCES account (id),
  position INTEGER NOT NULL DEFAULT 0,
  name     TEXT    NOT NULL DEFAULT '',
  address  TEXT    NOT NULL CHECK (address <> '')
) STRICT;
CREATE INDEX identity_by_account ON identity (account, position);

CREATE TABLE signature (
  identity INTEGER NOT NULL REFERENCES identity (id) ON DELETE CASCADE,
  language TEXT    NOT NULL,
  body     TEXT    NOT NULL,
  PRIMARY KEY (identity, language)
) STRICT, WITHOUT ROWID;

ALTER TABLE draft_rev ADD COLUMN identity INTEGER NOT NULL DEFAULT 0;
