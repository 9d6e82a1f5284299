-- What a person chose about an account's line.
CREATE TABLE line_choice (
  account   TEXT    NOT NULL PRIMARY KEY,
  budget    INTEGER NOT NULL DEFAULT 0, -- bytes a day, 0: none
  text_only INTEGER NOT NULL DEFAULT 0,
  day       TEXT    NOT NULL DEFAULT '', -- the desk's day that was counted last
  freed     TEXT    NOT NULL DEFAULT ''  -- the day on which the budget doesn't count
) STRICT, WITHOUT ROWID;
