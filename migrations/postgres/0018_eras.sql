-- Which beginning of the database this is: a copy from before that was put back and accepted begins a new one. The same
-- numbers and names stand in migrations/sqlite.

ALTER TABLE tie ADD COLUMN era BIGINT NOT NULL DEFAULT 0;
