-- service_point_id is the point that gave the assistance; the household keeps its own home.
CREATE TABLE assistance_records (
    id uuid NOT NULL PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    member_id uuid REFERENCES household_members (id),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    kind text COLLATE "C" NOT NULL,
    subkind text COLLATE "C",
    given_on date NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    unit text COLLATE "C",
    amount_fen bigint CHECK (amount_fen >= 0),
    note text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('active', 'voided')),
    void_reason text COLLATE "C",
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((void_reason IS NOT NULL) = (state = 'voided'))
);
CREATE INDEX assistance_records_household ON assistance_records (household_id, given_on, id);
CREATE INDEX assistance_records_point ON assistance_records (service_point_id, given_on, id);
CREATE INDEX assistance_records_day ON assistance_records (given_on, id);

-- What a record was before it was corrected or voided, and who replaced it and why.
CREATE TABLE assistance_record_versions (
    record_id uuid NOT NULL REFERENCES assistance_records (id),
    version bigint NOT NULL,
    member_id uuid,
    kind text COLLATE "C" NOT NULL,
    subkind text COLLATE "C",
    given_on date NOT NULL,
    quantity bigint NOT NULL,
    unit text COLLATE "C",
    amount_fen bigint,
    note text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    replaced_reason text COLLATE "C" NOT NULL,
    replaced_by uuid NOT NULL REFERENCES accounts (id),
    replaced_at timestamp NOT NULL,
    PRIMARY KEY (record_id, version)
);
