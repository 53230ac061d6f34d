-- Operations that do something else than reset a password. The same numbers and names stand in migrations/postgres.

ALTER TABLE operation ADD COLUMN kind TEXT NOT NULL DEFAULT 'reset_password'
    CONSTRAINT operation_kind CHECK (kind IN ('reset_password', 'create_account', 'edit_account', 'delete_account',
        'create_alias', 'edit_alias', 'delete_alias'));
