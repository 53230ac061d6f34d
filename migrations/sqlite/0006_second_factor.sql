-- A second factor: codes from an app on a telephone, and codes for the day on which it is lost. The same numbers and names
-- stand in migrations/postgres.

-- The seed of the app's codes, encrypted under a key that is not in the database.
ALTER TABLE staff ADD COLUMN totp_seed BLOB;
-- The last half minute whose code was used: no code works twice, on any replica.
ALTER TABLE staff ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE recovery_code (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    hash TEXT NOT NULL,
    used_at BIGINT,
    CONSTRAINT recovery_code_once PRIMARY KEY (staff_id, hash)
);
