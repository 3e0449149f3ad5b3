-- What people said about doubtful items. The items themselves are found anew whenever somebody looks. period: the month as
-- year * 100 + month, or 0 for what belongs to none. fingerprint: a keyed hash of the facts that were explained.
CREATE TABLE doubtful_explanations (
    id BLOB NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    period INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    note TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX doubtful_explanations_item ON doubtful_explanations (subject_id, rule, period, fingerprint);
CREATE INDEX doubtful_explanations_point ON doubtful_explanations (service_point_id, id);
