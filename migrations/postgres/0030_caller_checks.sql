-- How staff checked who asked for a new password: the way by its id, what the company called it then, and what it asks for.
-- Nothing where none was asked for. The same numbers and names stand in migrations/sqlite.

ALTER TABLE operation ADD COLUMN caller_way TEXT;
ALTER TABLE operation ADD COLUMN caller_label TEXT;
ALTER TABLE operation ADD COLUMN caller_text TEXT;
ALTER TABLE batch ADD COLUMN caller_way TEXT;
ALTER TABLE batch ADD COLUMN caller_label TEXT;
ALTER TABLE batch ADD COLUMN caller_text TEXT;
