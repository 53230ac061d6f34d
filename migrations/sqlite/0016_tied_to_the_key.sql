-- What ties a database to the secret key that it was made with. The same numbers and names stand in migrations/postgres.

CREATE TABLE tie (
    id INTEGER NOT NULL PRIMARY KEY CONSTRAINT tie_one CHECK (id = 1),
    -- Made at random together with the database: no other one has it.
    database_id TEXT NOT NULL,
    -- Under the secret key, so that a foreign key is told from the right one before anything is done with it.
    mac BLOB NOT NULL
);
