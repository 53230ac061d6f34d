-- A password that waited in a copy of the database may have been shown since the copy was made. The same numbers and names
-- stand in migrations/postgres.

-- When such a copy was accepted as the database, so that nobody knows.
ALTER TABLE operation ADD COLUMN forgotten_at BIGINT;
