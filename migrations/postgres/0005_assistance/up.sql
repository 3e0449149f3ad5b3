-- service_point_id is the point that gave the assistance; the household keeps its own home.
CREATE TABLE assistance_records (
    id uuid NOT NULL PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    kind text COLLATE "C" NOT NULL,
    given_on date NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
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

-- A cell of a village, township or county holds the total of its subtree, the bureau's only its own.
-- period is a month as year * 100 + month.
CREATE TABLE cells (
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    ledger text COLLATE "C" NOT NULL,
    period integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    quantity bigint NOT NULL,
    PRIMARY KEY (service_point_id, ledger, period, kind)
);
