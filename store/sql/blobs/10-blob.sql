-- Attachments in chunks, as they came over the wire. A chunk's id is its
-- file's id times 1,048,576 and its number, so a file lies in one stretch.
CREATE TABLE file (
  attachment INTEGER PRIMARY KEY,
  have       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE chunk (
  id   INTEGER PRIMARY KEY,
  data BLOB NOT NULL CHECK (length(data) BETWEEN 1 AND 32768)
) STRICT;

CREATE TABLE migration (
  version INTEGER NOT NULL PRIMARY KEY,
  place   INTEGER NOT NULL DEFAULT 0
) STRICT;
