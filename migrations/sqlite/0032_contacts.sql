-- Addresses outside a mailbox at which its owner can be reached, and the links to new passwords that go by mail. The same
-- numbers and names stand in migrations/postgres.

CREATE TABLE contact (
    account TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    set_by TEXT NOT NULL REFERENCES staff (id),
    set_at BIGINT NOT NULL,
    -- When GleSYS had made the account, as far as was known: another of the same name has another owner.
    account_created BIGINT,
    mac BLOB
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
CREATE TABLE outbox_before AS SELECT * FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox (
    -- Of an operation, with whose intent it is written, and which is told once it is done or nobody knows whether it is; or
    -- of the message alone.
    operation_id TEXT NOT NULL PRIMARY KEY,
    -- When it is tried next and when it is given up, counted in how much time has passed.
    due_elapsed BIGINT NOT NULL,
    over_elapsed BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- Why the last try failed.
    failure TEXT,
    -- How it ended and when; nothing while it waits.
    ended TEXT CONSTRAINT outbox_ended CHECK (ended IN ('sent', 'given_up')),
    ended_at BIGINT,
    -- Of a contact address: what happened to that of which account when, who had it, and when it was put in.
    news TEXT,
    account TEXT,
    address TEXT,
    mailbox TEXT,
    told_at BIGINT,
    put_elapsed BIGINT
);
INSERT INTO outbox (operation_id, due_elapsed, over_elapsed, tries, failure, ended, ended_at)
    SELECT operation_id, due_elapsed, over_elapsed, tries, failure, ended, ended_at FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_waiting ON outbox (due_elapsed) WHERE (ended IS NULL);
CREATE INDEX outbox_contact ON outbox (mailbox, put_elapsed) WHERE (mailbox IS NOT NULL);
