-- What people said about doubtful items. The items themselves are found anew whenever somebody looks. period: the month as
-- year * 100 + month, or 0 for what belongs to none. fingerprint: a keyed hash of the facts that were explained.
CREATE TABLE doubtful_explanations (
    id uuid NOT NULL PRIMARY KEY,
    rule text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    period integer NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    note text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX doubtful_explanations_item ON doubtful_explanations (subject_id, rule, period, fingerprint);
CREATE INDEX doubtful_explanations_point ON doubtful_explanations (service_point_id, id);
