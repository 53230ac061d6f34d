-- Everything the reset needs: who may do it, what was tried, what may be shown once, what is recorded.
-- Times are milliseconds since 1970 UTC. The same numbers and names stand in migrations/sqlite.

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT staff_name UNIQUE,
    password_hash TEXT,
    language TEXT,
    theme TEXT NOT NULL DEFAULT 'system',
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

-- domain '*' is every domain.
CREATE TABLE staff_grant (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL CONSTRAINT staff_grant_role CHECK (role IN ('viewer', 'operator', 'manager', 'auditor', 'admin')),
    domain TEXT NOT NULL,
    CONSTRAINT staff_grant_once PRIMARY KEY (staff_id, role, domain)
);

-- Only the hash of the cookie's secret: a copy of this table can't be used as a cookie.
-- An ended session keeps its row until it would have run out anyway, so that nothing can revive it.
CREATE TABLE session (
    hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_staff ON session (staff_id);

CREATE TABLE operation (
    id TEXT NOT NULL PRIMARY KEY,
    nonce TEXT NOT NULL CONSTRAINT operation_nonce UNIQUE,
    address TEXT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    session_hash TEXT NOT NULL,
    ticket TEXT,
    state TEXT NOT NULL CONSTRAINT operation_state CHECK (state IN ('in_flight', 'done', 'refused', 'not_sent', 'unknown')),
    reason TEXT,
    begun_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    ended_at BIGINT,
    shown_at BIGINT,
    seen_at BIGINT
);
-- One operation in flight an address: two staff members can't reset the same account at once, on any replica.
CREATE UNIQUE INDEX operation_in_flight ON operation (address) WHERE state = 'in_flight';
CREATE INDEX operation_address ON operation (address, begun_at);
CREATE INDEX operation_staff ON operation (staff_id, begun_at);
CREATE INDEX operation_begun ON operation (begun_at);

-- A password that was not shown yet, encrypted under a key that only the session's cookie gives.
CREATE TABLE sealed (
    operation_id TEXT NOT NULL PRIMARY KEY REFERENCES operation (id),
    session_hash TEXT NOT NULL,
    ciphertext BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    staff_id TEXT,
    staff_name TEXT,
    address TEXT,
    domain TEXT,
    operation_id TEXT,
    outcome TEXT,
    detail TEXT,
    client TEXT,
    reference TEXT,
    mac BYTEA NOT NULL
);
CREATE INDEX audit_address ON audit (address, seq);
CREATE INDEX audit_staff ON audit (staff_name, seq);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END;
$$;
CREATE TRIGGER audit_keeps_rows BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- The end of the chain; updating this one row orders writers on both databases.
CREATE TABLE audit_head (
    id INT NOT NULL PRIMARY KEY CONSTRAINT audit_head_one CHECK (id = 1),
    seq BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '');

-- Attempts counted in fixed windows, before they are evaluated.
CREATE TABLE attempt (
    key TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    made BIGINT NOT NULL,
    CONSTRAINT attempt_window PRIMARY KEY (key, window_start)
);

-- The one-time token with which the first admin is made.
CREATE TABLE setup_token (
    id INT NOT NULL PRIMARY KEY CONSTRAINT setup_token_one CHECK (id = 1),
    hash TEXT NOT NULL
);
