-- What came before what is told by a number that the database gives, never by a clock. The same numbers and names stand in
-- migrations/sqlite.

CREATE TABLE tick (
    id INTEGER NOT NULL PRIMARY KEY CONSTRAINT tick_one CHECK (id = 1),
    last BIGINT NOT NULL
);
-- Until now the audit alone has numbered what was done, and so tells where each operation belongs.
INSERT INTO tick (id, last) SELECT 1, COALESCE(MAX(seq), 0) FROM audit;

ALTER TABLE operation ADD COLUMN begun_tick BIGINT NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN ended_tick BIGINT;
UPDATE operation SET
    begun_tick = COALESCE(
        (SELECT MIN(a.seq) FROM audit a
            WHERE a.address = operation.address AND a.operation_id = operation.id AND a.kind LIKE '%intent'),
        (SELECT -COUNT(*) FROM operation o WHERE (o.begun_at, o.id) >= (operation.begun_at, operation.id))),
    ended_tick = (SELECT MAX(a.seq) FROM audit a
        WHERE a.address = operation.address AND a.operation_id = operation.id AND a.kind LIKE '%outcome');

DROP INDEX operation_address;
DROP INDEX operation_staff;
CREATE UNIQUE INDEX operation_order ON operation (begun_tick);
CREATE INDEX operation_address ON operation (address, begun_tick);
CREATE INDEX operation_staff ON operation (staff_id, begun_tick);

-- A version from before would go by the clock: without this column it can begin nothing.
ALTER TABLE operation DROP COLUMN lease_until;

-- When it was put together, began, went on, or last was said to run.
ALTER TABLE batch ADD COLUMN kept_tick BIGINT NOT NULL DEFAULT 0;
UPDATE batch SET kept_tick = (SELECT -COUNT(*) FROM batch b WHERE (b.made_at, b.id) >= (batch.made_at, batch.id));
DROP INDEX batch_domain;
CREATE INDEX batch_domain ON batch (domain, kept_tick);
ALTER TABLE batch DROP COLUMN lease_until;
