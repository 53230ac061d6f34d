-- A session keeps its id and its keys while its cookie changes, as it does at each new proof of who the person is.
-- Everybody signs in again once. The same numbers and names stand in migrations/postgres.

DROP TABLE session;
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- Only the hash of the cookie's secret: a copy of this table can't be used as a cookie.
    cookie TEXT NOT NULL CONSTRAINT session_cookie UNIQUE,
    -- The root of the session's keys, encrypted under the cookie's secret.
    root BLOB NOT NULL,
    client TEXT,
    agent TEXT,
    created_at BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- An ended session keeps its row until it would have run out anyway, so that nothing can revive it.
    ended_at BIGINT
);
CREATE INDEX session_staff ON session (staff_id);

ALTER TABLE operation RENAME COLUMN session_hash TO session_id;
ALTER TABLE sealed RENAME COLUMN session_hash TO session_id;
