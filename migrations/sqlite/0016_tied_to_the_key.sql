-- What ties a database, and everything in it that gives somebody power, to the secret key. The same numbers and names stand
-- in migrations/postgres. The MACs of what is there already are made by the panel, which has the key.

CREATE TABLE tie (
    id INTEGER NOT NULL PRIMARY KEY CONSTRAINT tie_one CHECK (id = 1),
    -- Made at random together with the database: no other one has it.
    database_id TEXT NOT NULL,
    -- Under the secret key, so that a foreign key is told from the right one before anything is done with it.
    mac BLOB NOT NULL
);

-- Over what somebody may do, which every request compares, and over what they sign in with.
ALTER TABLE staff ADD COLUMN rights_mac BLOB;
ALTER TABLE staff ADD COLUMN credentials_mac BLOB;
-- Over each row that lets somebody in.
ALTER TABLE session ADD COLUMN mac BLOB;
ALTER TABLE invitation ADD COLUMN mac BLOB;
ALTER TABLE passkey ADD COLUMN mac BLOB;
ALTER TABLE sign_in_link ADD COLUMN mac BLOB;

-- Over the MACs of the whole staff, where an event changed one: old rows can't be put back with their old MACs.
ALTER TABLE audit ADD COLUMN staff_mac BLOB;
CREATE INDEX audit_staff_mac ON audit (seq) WHERE (staff_mac IS NOT NULL);

-- What lasts for hours at most begins anew: everybody signs in again once.
DELETE FROM sealed;
DELETE FROM session;
DELETE FROM sign_in_link;
DELETE FROM setup_token;
