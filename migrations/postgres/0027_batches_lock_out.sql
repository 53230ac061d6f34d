-- Lock-outs of several accounts. The same numbers and names stand in migrations/sqlite.

-- Reason or ticket, as whoever had the batch begin gave it.
ALTER TABLE batch ADD COLUMN ticket TEXT;
-- When it began, for the first time: what was done to an account after that, somebody did who came later.
ALTER TABLE batch ADD COLUMN begun_tick BIGINT;
-- When GleSYS had made the account, as far as the panel knew: an account that was made anew past the panel has another.
ALTER TABLE operation ADD COLUMN account_created BIGINT;
