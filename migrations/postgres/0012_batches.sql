-- The same change to several accounts of a domain, each as an operation of its own. The same numbers and names stand in
-- migrations/sqlite.

CREATE TABLE batch (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- The session that had it begin, or go on, last.
    session_id TEXT NOT NULL,
    domain TEXT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT batch_state CHECK (state IN ('proposed', 'running', 'stopped', 'done')),
    reason TEXT,
    -- Counts how often it began or went on: what belongs to an earlier time changes nothing any more.
    run BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- When it counts as stopped if nobody has said that it still runs.
    lease_until BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX batch_domain ON batch (domain, made_at);
CREATE INDEX batch_by_state ON batch (state);

CREATE TABLE batch_item (
    batch_id TEXT NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    -- The nonce of the one operation that may be made of it.
    nonce TEXT NOT NULL CONSTRAINT batch_item_nonce UNIQUE,
    -- Why none was made.
    left_out TEXT,
    CONSTRAINT batch_item_once PRIMARY KEY (batch_id, address)
);
