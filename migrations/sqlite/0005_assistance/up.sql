-- service_point_id is the point that gave the assistance; the household keeps its own home.
CREATE TABLE assistance_records (
    id BLOB NOT NULL PRIMARY KEY,
    household_id BLOB NOT NULL REFERENCES households (id),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    kind TEXT NOT NULL,
    given_on TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    state TEXT NOT NULL CHECK (state IN ('active', 'voided')),
    void_reason TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((void_reason IS NOT NULL) = (state = 'voided'))
) STRICT;
CREATE INDEX assistance_records_household ON assistance_records (household_id, given_on, id);
CREATE INDEX assistance_records_point ON assistance_records (service_point_id, given_on, id);
CREATE INDEX assistance_records_day ON assistance_records (given_on, id);

-- A cell of a village, township or county holds the total of its subtree, the bureau's only its own.
-- period is a month as year * 100 + month.
CREATE TABLE cells (
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    ledger TEXT NOT NULL,
    period INTEGER NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (service_point_id, ledger, period, kind)
) STRICT, WITHOUT ROWID;
