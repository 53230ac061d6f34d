-- Addresses outside a mailbox at which its owner can be reached, and the links to new passwords that go by mail. The same
-- numbers and names stand in migrations/sqlite.

CREATE TABLE contact (
    account TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES staff (id),
    set_at BIGINT NOT NULL,
    -- When GleSYS had made the account, as far as was known: another of the same name has another owner.
    account_created BIGINT,
    mac BYTEA
);

-- Written with the intent of an operation. Of the link itself nothing is kept here.
CREATE TABLE link_mail (
    operation_id TEXT NOT NULL PRIMARY KEY REFERENCES operation (id),
    address TEXT NOT NULL,
    -- Where mail to it ends up as far as its looks tell, by which it is counted.
    mailbox TEXT NOT NULL,
    put_elapsed BIGINT NOT NULL,
    -- When nobody is sending it any more; nothing before there is a link.
    over_elapsed BIGINT,
    failure TEXT,
    ended TEXT CONSTRAINT link_mail_ended CHECK (ended IN ('sent', 'not_sent', 'unknown')),
    ended_at BIGINT
);
CREATE INDEX link_mail_mailbox ON link_mail (mailbox, put_elapsed);
CREATE INDEX link_mail_waiting ON link_mail (over_elapsed) WHERE (ended IS NULL);

-- A message may also be about a change of a contact address, which is no operation.
ALTER TABLE outbox DROP CONSTRAINT outbox_operation_id_fkey;
-- Of a contact address: what happened to that of which account when, who had it, and when it was put in.
ALTER TABLE outbox ADD COLUMN news TEXT;
ALTER TABLE outbox ADD COLUMN account TEXT;
ALTER TABLE outbox ADD COLUMN address TEXT;
ALTER TABLE outbox ADD COLUMN mailbox TEXT;
ALTER TABLE outbox ADD COLUMN told_at BIGINT;
ALTER TABLE outbox ADD COLUMN put_elapsed BIGINT;
CREATE INDEX outbox_contact ON outbox (mailbox, put_elapsed) WHERE (mailbox IS NOT NULL);
