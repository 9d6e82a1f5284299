-- What lists show of drafts and ops, and every counter, is kept here.

CREATE TRIGGER draft_shown_insert AFTER INSERT ON draft WHEN NEW.op = ''
BEGIN
  UPDATE conversation SET draft = NEW.id WHERE id = NEW.conversation;
END;

CREATE TRIGGER draft_shown_delete AFTER DELETE ON draft WHEN OLD.op = ''
BEGIN
  UPDATE conversation SET draft = '' WHERE id = OLD.conversation AND draft = OLD.id;
END;

CREATE TRIGGER draft_shown_update AFTER UPDATE OF op, conversation ON draft
BEGIN
  UPDATE conversation SET draft = '' WHERE id = OLD.conversation AND draft = OLD.id;
  UPDATE conversation SET draft = NEW.id WHERE id = NEW.conversation AND NEW.op = '';
END;

-- 1 queued … 5 needs_you, in the order of desk's marks.
CREATE TRIGGER op_shown_insert AFTER INSERT ON op WHEN NEW.kind = 'reply'
BEGIN
  UPDATE conversation SET (op_mark, op_undo_ms) = (
    SELECT coalesce(max(CASE state WHEN 'needs_you' THEN 5 WHEN 'held' THEN 4 WHEN 'uncertain' THEN 3 WHEN 'sending' THEN 2 ELSE 1 END), 0),
           coalesce(min(CASE state WHEN 'queued' THEN undo_ms END), 0)
    FROM op WHERE op.conversation = NEW.conversation AND op.kind = 'reply'
      AND op.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))
  WHERE id = NEW.conversation;
END;

CREATE TRIGGER op_shown_update AFTER UPDATE OF state, conversation, undo_ms ON op WHEN NEW.kind = 'reply'
BEGIN
  UPDATE conversation SET (op_mark, op_undo_ms) = (
    SELECT coalesce(max(CASE state WHEN 'needs_you' THEN 5 WHEN 'held' THEN 4 WHEN 'uncertain' THEN 3 WHEN 'sending' THEN 2 ELSE 1 END), 0),
           coalesce(min(CASE state WHEN 'queued' THEN undo_ms END), 0)
    FROM op WHERE op.conversation = conversation.id AND op.kind = 'reply'
      AND op.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))
  WHERE id IN (OLD.conversation, NEW.conversation);
END;

CREATE TRIGGER op_counted_insert AFTER INSERT ON op WHEN NEW.kind = 'reply'
BEGIN
  INSERT INTO counter (account, name, value) VALUES (NEW.account, 'op:' || NEW.state, 1)
    ON CONFLICT (account, name) DO UPDATE SET value = value + 1;
END;

CREATE TRIGGER op_counted_update AFTER UPDATE OF state ON op WHEN NEW.kind = 'reply' AND NEW.state <> OLD.state
BEGIN
  UPDATE counter SET value = value - 1 WHERE account = OLD.account AND name = 'op:' || OLD.state;
  INSERT INTO counter (account, name, value) VALUES (NEW.account, 'op:' || NEW.state, 1)
    ON CONFLICT (account, name) DO UPDATE SET value = value + 1;
END;

CREATE TRIGGER op_counted_delete AFTER DELETE ON op WHEN OLD.kind = 'reply'
BEGIN
  UPDATE counter SET value = value - 1 WHERE account = OLD.account AND name = 'op:' || OLD.state;
END;

CREATE TRIGGER conversation_counted_insert AFTER INSERT ON conversation WHEN NEW.shown = 1
BEGIN
  INSERT INTO counter (account, name, value) VALUES
    (NEW.account, 'status:' || NEW.status, 1),
    (NEW.account, 'unread', NEW.status = 'open' AND NEW.unread > 0),
    (NEW.account, 'drafts', NEW.draft <> ''),
    (NEW.account, 'language:' || NEW.language, NEW.status = 'open')
    ON CONFLICT (account, name) DO UPDATE SET value = value + excluded.value;
END;

CREATE TRIGGER conversation_counted_update AFTER UPDATE OF status, shown, unread, draft, language ON conversation
WHEN (NEW.status, NEW.shown, NEW.unread > 0, NEW.draft <> '', NEW.language)
  <> (OLD.status, OLD.shown, OLD.unread > 0, OLD.draft <> '', OLD.language)
BEGIN
  INSERT INTO counter (account, name, value) VALUES
    (OLD.account, 'status:' || OLD.status, -OLD.shown),
    (OLD.account, 'unread', -(OLD.shown AND OLD.status = 'open' AND OLD.unread > 0)),
    (OLD.account, 'drafts', -(OLD.shown AND OLD.draft <> '')),
    (OLD.account, 'language:' || OLD.language, -(OLD.shown AND OLD.status = 'open'))
    ON CONFLICT (account, name) DO UPDATE SET value = value + excluded.value;
  INSERT INTO counter (account, name, value) VALUES
    (NEW.account, 'status:' || NEW.status, NEW.shown),
    (NEW.account, 'unread', NEW.shown AND NEW.status = 'open' AND NEW.unread > 0),
    (NEW.account, 'drafts', NEW.shown AND NEW.draft <> ''),
    (NEW.account, 'language:' || NEW.language, NEW.shown AND NEW.status = 'open')
    ON CONFLICT (account, name) DO UPDATE SET value = value + excluded.value;
END;

CREATE TRIGGER conversation_counted_delete AFTER DELETE ON conversation WHEN OLD.shown = 1
BEGIN
  INSERT INTO counter (account, name, value) VALUES
    (OLD.account, 'status:' || OLD.status, -1),
    (OLD.account, 'unread', -(OLD.status = 'open' AND OLD.unread > 0)),
    (OLD.account, 'drafts', -(OLD.draft <> '')),
    (OLD.account, 'language:' || OLD.language, -(OLD.status = 'open'))
    ON CONFLICT (account, name) DO UPDATE SET value = value + excluded.value;
END;
