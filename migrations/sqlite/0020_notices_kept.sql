-- A notice is put away by somebody who has proved who they are since it was made, and kept for a while after that. The same
-- numbers and names stand in migrations/postgres.

-- How many notices the person had been given when they last proved in this session who they are.
ALTER TABLE session ADD COLUMN proved_told BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN put_away_at BIGINT;
