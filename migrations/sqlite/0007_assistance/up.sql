-- service_point_id is the point that gave the assistance; the household keeps its own home.
CREATE TABLE assistance_records (
    id BLOB NOT NULL PRIMARY KEY,
    household_id BLOB NOT NULL REFERENCES households (id),
    member_id BLOB REFERENCES household_members (id),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    kind TEXT NOT NULL,
    subkind TEXT,
    given_on TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit TEXT,
    amount_fen INTEGER CHECK (amount_fen >= 0),
    note TEXT,
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

-- What a record was before it was corrected or voided, and who replaced it and why.
CREATE TABLE assistance_record_versions (
    record_id BLOB NOT NULL REFERENCES assistance_records (id),
    version INTEGER NOT NULL,
    member_id BLOB,
    kind TEXT NOT NULL,
    subkind TEXT,
    given_on TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT,
    amount_fen INTEGER,
    note TEXT,
    state TEXT NOT NULL,
    replaced_reason TEXT NOT NULL,
    replaced_by BLOB NOT NULL REFERENCES accounts (id),
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (record_id, version)
) STRICT, WITHOUT ROWID;
