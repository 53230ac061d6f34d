-- Resets whose password nobody gets. The same numbers and names stand in migrations/sqlite.

ALTER TABLE operation DROP CONSTRAINT operation_kind;
ALTER TABLE operation ADD CONSTRAINT operation_kind CHECK (kind IN ('reset_password', 'lock_out', 'create_account',
    'edit_account', 'delete_account', 'create_alias', 'edit_alias', 'delete_alias'));
CREATE INDEX operation_lock_out ON operation (address, begun_tick) WHERE kind = 'lock_out';
