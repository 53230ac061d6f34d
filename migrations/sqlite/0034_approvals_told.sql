-- How somebody who asks for an approval checked who asks them; nothing where that was not asked for. The same numbers and
-- names stand in migrations/postgres.

ALTER TABLE approval ADD COLUMN caller_way TEXT;
ALTER TABLE approval ADD COLUMN caller_label TEXT;
ALTER TABLE approval ADD COLUMN caller_text TEXT;
CREATE INDEX approval_by_asker ON approval (asked_by, closed_at);
-- What an operation was approved with.
CREATE INDEX approval_nonce ON approval (nonce);
