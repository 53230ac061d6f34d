-- Links that work once are kept together, each kind under its name. The same numbers and names stand in migrations/postgres.

CREATE TABLE link (
    kind TEXT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- Only the hash of the link's token.
    hash TEXT NOT NULL CONSTRAINT link_hash UNIQUE,
    expires_at BIGINT NOT NULL,
    mac BLOB,
    CONSTRAINT link_of_staff PRIMARY KEY (kind, staff_id)
);

INSERT INTO link (kind, staff_id, hash, expires_at, mac)
SELECT 'invitation', staff_id, hash, expires_at, mac FROM invitation;
INSERT INTO link (kind, staff_id, hash, expires_at, mac)
SELECT 'sign-in link', staff_id, hash, expires_at, mac FROM sign_in_link;

DROP TABLE invitation;
DROP TABLE sign_in_link;
