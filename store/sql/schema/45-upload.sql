-- Files that leave with replies. Their bytes lie plain in blobs.db, as file
-- 1,099,511,627,776 and id. sha is empty while they are being written.
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
  upload     INTEGER NOT NULL DEFAULT 0, -- 0 while it is still being fetched
  original   INTEGER NOT NULL DEFAULT 0, -- the upload this one was made smaller from
  attachment INTEGER NOT NULL DEFAULT 0, -- of the message it is passed on from
  inline     INTEGER NOT NULL DEFAULT 0  -- 1: a picture for the text
) STRICT;
CREATE INDEX draft_file_by_draft ON draft_file (draft);
CREATE INDEX draft_file_coming ON draft_file (attachment) WHERE upload = 0;

-- What an op carries. The names stay when the bytes are gone.
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
