ALTER TABLE draft_rev ADD COLUMN rich TEXT NOT NULL DEFAULT '';
ALTER TABLE draft_rev ADD COLUMN quotes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft_rev ADD COLUMN passes_on INTEGER NOT NULL DEFAULT 0;

CREATE TABLE upload (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  sha     BLOB    NOT NULL DEFAULT x'' CHECK (length(sha) IN (0, 32)),
  size    INTEGER NOT NULL DEFAULT 0,
  made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_by_sha ON upload (sha);

CREATE TABLE draft_file (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  draft      TEXT    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  name       TEXT    NOT NULL DEFAULT '',
  type       TEXT    NOT NULL DEFAULT '',
  upload     INTEGER NOT NULL DEFAULT 0,
  original   INTEGER NOT NULL DEFAULT 0,
  attachment INTEGER NOT NULL DEFAULT 0,
  inline     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX draft_file_by_draft ON draft_file (draft);
CREATE INDEX draft_file_coming ON draft_file (attachment) WHERE upload = 0;

CREATE TABLE op_file (
  op     TEXT    NOT NULL REFERENCES op (id) ON DELETE CASCADE,
  place  INTEGER NOT NULL,
  name   TEXT    NOT NULL DEFAULT '',
  type   TEXT    NOT NULL DEFAULT '',
  size   INTEGER NOT NULL DEFAULT 0,
  upload INTEGER NOT NULL DEFAULT 0,
  inline INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (op, place)
) STRICT, WITHOUT ROWID;
