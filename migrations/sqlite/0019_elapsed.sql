-- How much time has certainly passed, in milliseconds, by no machine's clock; what is limited counts in it. The same
-- numbers and names stand in migrations/postgres.

-- It goes on from the time that was recorded last, so that what was dated by a clock until now keeps its age.
ALTER TABLE tick ADD COLUMN elapsed BIGINT NOT NULL DEFAULT 0;
UPDATE tick SET elapsed = COALESCE((SELECT MAX(at) FROM audit), 0);

ALTER TABLE operation ADD COLUMN begun_elapsed BIGINT NOT NULL DEFAULT 0;
UPDATE operation SET begun_elapsed = begun_at;
DROP INDEX operation_guarded;
CREATE INDEX operation_guarded ON operation (guarded, begun_elapsed);

DROP INDEX wrong_code_last;
ALTER TABLE wrong_code RENAME COLUMN last_at TO last_elapsed;
CREATE INDEX wrong_code_last ON wrong_code (last_elapsed);

-- Moving the time on shows well enough whether anything can be recorded.
DROP TABLE write_probe;
