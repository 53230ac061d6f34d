-- What takes two people: one asks, another approves, and it is done once. The same numbers and names stand in
-- migrations/sqlite.

CREATE TABLE approval (
    id TEXT NOT NULL PRIMARY KEY,
    asked_by TEXT NOT NULL REFERENCES staff (id),
    -- What is to be done: the kind of an operation, or the action of a batch.
    kind TEXT NOT NULL,
    -- To what: an address, or the id of a batch.
    about TEXT NOT NULL,
    domain TEXT NOT NULL,
    hand_over TEXT,
    -- Of a batch: how many accounts it has, and a digest of what it does to which.
    accounts BIGINT,
    selection BYTEA,
    ticket TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT approval_state
        CHECK (state IN ('asked', 'given', 'used', 'refused', 'withdrawn', 'ended', 'forgotten')),
    decided_by TEXT REFERENCES staff (id),
    decided_at BIGINT,
    -- What was said with a refusal.
    word TEXT,
    -- The nonce of what it was used for.
    nonce TEXT,
    ends_at BIGINT NOT NULL,
    -- When it has certainly lasted as long as it may, counted in how much time has passed.
    over_elapsed BIGINT NOT NULL,
    -- When it was used or ended; nothing while it waits.
    closed_at BIGINT,
    mac BYTEA
);
CREATE UNIQUE INDEX approval_open ON approval (asked_by, kind, about) WHERE (closed_at IS NULL);
CREATE INDEX approval_waiting ON approval (asked_at) WHERE (closed_at IS NULL);
CREATE INDEX approval_about ON approval (about, asked_at);
