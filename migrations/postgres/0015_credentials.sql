-- Credentials come and go only with a proof for that very act, and their owner is told. The same numbers and names stand in
-- migrations/sqlite.

-- What somebody is told about how they sign in, until they say that they have read it.
CREATE TABLE notice (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- Counted for each person: never given twice, so that nobody puts away what they have not seen.
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- What it is about: a passkey's label, the old name.
    subject TEXT,
    -- Who did it, where it was somebody else.
    done_by TEXT,
    at BIGINT NOT NULL,
    client TEXT,
    -- How often the same has happened since it was put away last.
    times BIGINT NOT NULL,
    CONSTRAINT notice_once PRIMARY KEY (staff_id, number)
);
ALTER TABLE staff ADD COLUMN told BIGINT NOT NULL DEFAULT 0;

-- Somebody has just proved who they are for one act in one session.
CREATE TABLE permit (
    session_id TEXT NOT NULL,
    act TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CONSTRAINT permit_once PRIMARY KEY (session_id, act)
);
-- What the way to the provider and back is a proof for.
ALTER TABLE flow ADD COLUMN act TEXT;

-- When each credential came: what is older than this column is told from the audit, as far as it knows.
ALTER TABLE staff ADD COLUMN password_set_at BIGINT;
ALTER TABLE staff ADD COLUMN totp_added_at BIGINT;
ALTER TABLE recovery_code ADD COLUMN made_at BIGINT;
ALTER TABLE identity ADD COLUMN added_at BIGINT;
UPDATE staff SET totp_added_at = (SELECT max(a.at) FROM audit a
    WHERE a.kind = 'staff.second_factor_set' AND a.staff_id = staff.id AND a.detail IS NULL)
    WHERE totp_seed IS NOT NULL;
UPDATE staff SET password_set_at = COALESCE((SELECT max(a.at) FROM audit a
    WHERE (a.kind = 'staff.invitation_used' AND a.staff_id = staff.id)
    OR (a.kind = 'staff.password_set' AND a.detail = staff.name)), created_at)
    WHERE password_hash IS NOT NULL;
