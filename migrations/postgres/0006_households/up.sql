-- service_point_id, household_type and status are those of the last dated row; head_name and persons follow from the
-- members. income is JSON, risk_causes codes with commas between. A row whose identities were erased keeps what counts.
CREATE TABLE households (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    head_name text COLLATE "C",
    persons bigint NOT NULL,
    address text COLLATE "C",
    phone bytea,
    phone_tail text COLLATE "C",
    external_number text COLLATE "C",
    household_type text COLLATE "C" NOT NULL,
    monitoring_category text COLLATE "C",
    risk_causes text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'moved_away', 'dissolved')),
    registered_on date NOT NULL,
    income text COLLATE "C",
    consent_on date,
    consent_form text COLLATE "C",
    erased_on date,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX households_point ON households (service_point_id, id);
CREATE INDEX households_phone_tail ON households (phone_tail, id);
CREATE INDEX households_external_number ON households (external_number, id);

-- Half-open: valid_to is the first day of the next row. Neighbouring rows differ.
CREATE TABLE household_spans (
    household_id uuid NOT NULL REFERENCES households (id),
    valid_from date NOT NULL,
    valid_to date,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    household_type text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    PRIMARY KEY (household_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);

-- left_on is the first day on which the person is no member. present: neither left, nor is the household ended or erased;
-- an identity number is unique among those present, found by its keyed hash.
CREATE TABLE household_members (
    id uuid NOT NULL PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    name text COLLATE "C",
    relation text COLLATE "C" NOT NULL,
    sex text COLLATE "C" NOT NULL,
    birth_on date,
    identity_number bytea,
    identity_hash bytea,
    no_identity_reason text COLLATE "C",
    ethnicity text COLLATE "C",
    education text COLLATE "C",
    health text COLLATE "C" NOT NULL,
    labour_skill text COLLATE "C",
    disability_category text COLLATE "C",
    disability_grade text COLLATE "C",
    disability_certificate bytea,
    phone bytea,
    phone_tail text COLLATE "C",
    present boolean NOT NULL,
    joined_on date NOT NULL,
    left_on date,
    leave_reason text COLLATE "C",
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((identity_number IS NULL) = (identity_hash IS NULL)),
    CHECK (left_on IS NULL OR left_on >= joined_on)
);
CREATE UNIQUE INDEX household_members_identity ON household_members (identity_hash) WHERE present;
CREATE UNIQUE INDEX household_members_one_head ON household_members (household_id) WHERE present AND relation = '02';
CREATE INDEX household_members_household ON household_members (household_id, id);
CREATE INDEX household_members_phone_tail ON household_members (phone_tail, household_id);
CREATE INDEX household_members_disability ON household_members (disability_category, household_id);

-- The name, pinyin and initials of members who are present.
CREATE TABLE household_member_keys (
    key text COLLATE "C" NOT NULL,
    member_id uuid NOT NULL REFERENCES household_members (id),
    household_id uuid NOT NULL REFERENCES households (id),
    PRIMARY KEY (key, member_id)
);
CREATE INDEX household_member_keys_member ON household_member_keys (member_id);

CREATE TABLE transfer_requests (
    id uuid NOT NULL PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn')),
    reason text COLLATE "C" NOT NULL,
    answer_reason text COLLATE "C",
    effective_on date,
    answered_by uuid REFERENCES accounts (id),
    answered_at timestamp,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((answered_at IS NULL) = (state = 'pending'))
);
CREATE UNIQUE INDEX transfer_requests_pending ON transfer_requests (household_id, service_point_id) WHERE state = 'pending';
CREATE INDEX transfer_requests_point ON transfer_requests (service_point_id, id);
