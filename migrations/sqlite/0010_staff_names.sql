-- What people are called by others, beside the name that they sign in with. The same numbers and names stand in
-- migrations/postgres.

ALTER TABLE staff ADD COLUMN display_name TEXT;
