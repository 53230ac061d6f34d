-- A permit is tied to the key like everything else that stands for somebody's proof. The same numbers and names stand in
-- migrations/sqlite.

-- They last for ten minutes: whoever has one proves anew who they are.
DELETE FROM permit;
ALTER TABLE permit ADD COLUMN mac BYTEA;

-- What has ended holds under no key.
UPDATE session SET mac = NULL WHERE ended_at IS NOT NULL;
