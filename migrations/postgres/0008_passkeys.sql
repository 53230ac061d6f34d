-- Passkeys (WebAuthn): public keys of what staff members sign in with, and challenges that wait for an answer. The same
-- numbers and names stand in migrations/sqlite.

CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- What the authenticator calls it, in base64url: nobody has it twice.
    credential_id TEXT NOT NULL CONSTRAINT passkey_credential UNIQUE,
    -- Its public key and its counter, as the library writes them.
    credential TEXT NOT NULL,
    label TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkey_staff ON passkey (staff_id);

CREATE TABLE ceremony (
    -- Only the hash of the token that the page has.
    hash TEXT NOT NULL PRIMARY KEY,
    -- What it is for, and in which session or half of a sign-in.
    bound_to TEXT NOT NULL,
    -- The challenge, as the library writes it.
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremony_bound ON ceremony (bound_to);
CREATE INDEX ceremony_expiry ON ceremony (expires_at);
