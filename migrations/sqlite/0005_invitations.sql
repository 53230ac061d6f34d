-- Staff members set their own passwords, with a link that works once. The same numbers and names stand in migrations/postgres.

CREATE TABLE invitation (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    -- Only the hash of the link's token.
    hash TEXT NOT NULL CONSTRAINT invitation_hash UNIQUE,
    expires_at BIGINT NOT NULL
);

-- Grows whenever everything that a person proved before stops counting: a sign-in under way then begins no session.
ALTER TABLE staff ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
