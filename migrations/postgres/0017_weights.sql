-- What an operation takes of what limits protect, and what somebody has typed who must first prove who they are.
-- The same numbers and names stand in migrations/sqlite.

ALTER TABLE operation ADD COLUMN guarded TEXT;
ALTER TABLE operation ADD COLUMN weight BIGINT NOT NULL DEFAULT 0;
UPDATE operation SET guarded = 'passwords', weight = 1 WHERE kind IN ('reset_password', 'create_account');
UPDATE operation SET guarded = 'deletions', weight = 1 WHERE kind IN ('delete_account', 'delete_alias');
CREATE INDEX operation_guarded ON operation (guarded, begun_at);

-- One a session, encrypted under a key that only the session's cookie gives.
CREATE TABLE draft (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
