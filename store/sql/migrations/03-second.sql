CREATE TABLE copied (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  serial INTEGER NOT NULL
) STRICT;
INSERT INTO copied (one, serial) VALUES (1, 1);
