-- The audit is searched by one thing or several; each that can be asked for alone has an index that ends in the order in
-- which rows are told. The same numbers and names stand in migrations/sqlite.

CREATE INDEX audit_kind ON audit (kind, seq);
CREATE INDEX audit_domain ON audit (domain, seq);
CREATE INDEX audit_at ON audit (at, seq);
-- How an operation ended stands before the reason: 'done', 'unknown: timeout'. Four letters tell the states apart.
CREATE INDEX audit_state ON audit (substr(outcome, 1, 4), seq);
