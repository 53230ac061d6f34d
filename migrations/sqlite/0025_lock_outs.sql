-- Resets whose password nobody gets. The same numbers and names stand in migrations/postgres.

ALTER TABLE operation RENAME COLUMN kind TO kind_before;
ALTER TABLE operation ADD COLUMN kind TEXT NOT NULL DEFAULT 'reset_password'
    CONSTRAINT operation_kind CHECK (kind IN ('reset_password', 'lock_out', 'create_account', 'edit_account',
        'delete_account', 'create_alias', 'edit_alias', 'delete_alias'));
UPDATE operation SET kind = kind_before;
ALTER TABLE operation DROP COLUMN kind_before;
CREATE INDEX operation_lock_out ON operation (address, begun_tick) WHERE kind = 'lock_out';
