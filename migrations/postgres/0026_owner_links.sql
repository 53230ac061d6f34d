-- The new password of an operation reaches the mailbox's owner by a link and a code. The same numbers and names stand in
-- migrations/sqlite.

-- Which way the new password takes; nothing where none is made.
ALTER TABLE operation ADD COLUMN hand_over TEXT
    CONSTRAINT operation_hand_over CHECK (hand_over IN ('shown', 'link', 'nobody'));
UPDATE operation SET hand_over = 'shown' WHERE kind IN ('reset_password', 'create_account');
UPDATE operation SET hand_over = 'nobody' WHERE kind = 'lock_out';

CREATE TABLE owner_link (
    operation_id TEXT NOT NULL PRIMARY KEY REFERENCES operation (id),
    -- Only the hash of the link. The code is kept nowhere.
    hash TEXT NOT NULL CONSTRAINT owner_link_hash UNIQUE,
    -- With link and code this opens the password. Both are wiped when the link ends.
    salt BYTEA,
    sealed BYTEA,
    expires_at BIGINT NOT NULL,
    -- When it has certainly lasted as long as it may, counted in how much time has passed.
    over_elapsed BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- The place of the last try in the order of writes.
    tried_tick BIGINT,
    opened_at BIGINT,
    -- How it ended and when; nothing while it waits.
    ended TEXT CONSTRAINT owner_link_ended
        CHECK (ended IN ('read', 'revoked', 'expired', 'wrong_codes', 'overtaken', 'forgotten')),
    ended_at BIGINT,
    mac BYTEA
);
CREATE INDEX owner_link_waiting ON owner_link (operation_id) WHERE ended IS NULL;
