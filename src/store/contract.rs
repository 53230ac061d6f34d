//! What both databases must do alike: every statement, run on SQLite and, where `NYCKEL_TEST_POSTGRES` names one, on
//! PostgreSQL.
