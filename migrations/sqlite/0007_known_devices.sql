-- Browsers in which somebody has signed in before: guesses made elsewhere never keep them out there. The same numbers and
-- names stand in migrations/postgres.

CREATE TABLE device (
    -- Only the hash of the cookie's secret.
    hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    seen_at BIGINT NOT NULL
);
CREATE INDEX device_staff ON device (staff_id);
