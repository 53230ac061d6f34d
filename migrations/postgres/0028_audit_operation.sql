-- What the audit tells of an operation is looked up before its link is used. The same numbers and names stand in
-- migrations/sqlite.

CREATE INDEX audit_operation ON audit (operation_id) WHERE (operation_id IS NOT NULL);
