-- The messages that tell mailboxes of resets and lock-outs. The same numbers and names stand in migrations/postgres.

CREATE TABLE outbox (
    -- Written with the intent; it is sent once the operation is done, or nobody knows whether it is.
    operation_id TEXT NOT NULL PRIMARY KEY REFERENCES operation (id),
    -- When it is tried next and when it is given up, counted in how much time has passed.
    due_elapsed BIGINT NOT NULL,
    over_elapsed BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- Why the last try failed.
    failure TEXT,
    -- How it ended and when; nothing while it waits.
    ended TEXT CONSTRAINT outbox_ended CHECK (ended IN ('sent', 'given_up')),
    ended_at BIGINT
);
CREATE INDEX outbox_waiting ON outbox (due_elapsed) WHERE ended IS NULL;
