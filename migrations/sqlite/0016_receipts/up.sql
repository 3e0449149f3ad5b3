-- What was received of the queues that devices keep: written in the transaction of the change itself. An id is the device's own,
-- so it belongs to an account. object_version: the version that the change made.
CREATE TABLE receipts (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    id BLOB NOT NULL,
    request_digest BLOB NOT NULL,
    object_id BLOB NOT NULL,
    object_version INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
