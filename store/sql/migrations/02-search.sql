CREATE TABLE search_due (
  message INTEGER PRIMARY KEY,
  stands  INTEGER NOT NULL
) STRICT;
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
