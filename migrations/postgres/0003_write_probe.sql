-- One row that is written every few seconds, to see whether anything can be recorded.

CREATE TABLE write_probe (
    id INTEGER NOT NULL PRIMARY KEY CONSTRAINT write_probe_one CHECK (id = 1),
    at BIGINT NOT NULL
);
