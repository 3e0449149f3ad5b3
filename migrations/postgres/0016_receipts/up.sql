-- What was received of the queues that devices keep: written in the transaction of the change itself. An id is the device's own,
-- so it belongs to an account. object_version: the version that the change made.
CREATE TABLE receipts (
    account_id uuid NOT NULL REFERENCES accounts (id),
    id uuid NOT NULL,
    request_digest bytea NOT NULL,
    object_id uuid NOT NULL,
    object_version bigint NOT NULL,
    received_at timestamp NOT NULL,
    PRIMARY KEY (account_id, id)
);
