-- Details of the audit's rows are facts from now on: JSON, by the vocabulary of docs/audit.md. Rows from before keep their
-- prose, so that their MACs and every head that was noted hold. The same numbers and names stand in migrations/sqlite.

ALTER TABLE audit ADD COLUMN facts TEXT;
