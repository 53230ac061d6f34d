-- Wrong codes of a second factor, so that the wait grows with them. The same numbers and names stand in
-- migrations/postgres.

CREATE TABLE wrong_code (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- A session, a known device, or anywhere else.
    place TEXT NOT NULL,
    made BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    CONSTRAINT wrong_code_once PRIMARY KEY (staff_id, place)
);
CREATE INDEX wrong_code_last ON wrong_code (last_at);
