-- Single sign-on: who somebody is at the company's provider, and the sign-ins that are on their way there and back. The
-- same numbers and names stand in migrations/sqlite.

-- Issuer and subject, never an e-mail address: those pass on from one person to another.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    staff_id TEXT NOT NULL CONSTRAINT identity_staff UNIQUE REFERENCES staff (id),
    CONSTRAINT identity_once PRIMARY KEY (issuer, subject)
);

CREATE TABLE flow (
    -- Only hashes of the state and of the browser's cookie.
    state TEXT NOT NULL PRIMARY KEY,
    browser TEXT NOT NULL,
    -- The session whose owner proves anew who they are; none begins one.
    session_id TEXT,
    next TEXT,
    begun_at BIGINT NOT NULL
);

-- A link with which an admin gets in although sign-in by password is switched off.
CREATE TABLE sign_in_link (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    -- Only the hash of the link's token.
    hash TEXT NOT NULL CONSTRAINT sign_in_link_hash UNIQUE,
    expires_at BIGINT NOT NULL
);
