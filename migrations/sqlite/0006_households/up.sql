-- service_point_id, household_type and status are those of the last dated row; head_name and persons follow from the
-- members. income is JSON, risk_causes codes with commas between. A row whose identities were erased keeps what counts.
CREATE TABLE households (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    head_name TEXT,
    persons INTEGER NOT NULL,
    address TEXT,
    phone BLOB,
    phone_tail TEXT,
    external_number TEXT,
    household_type TEXT NOT NULL,
    monitoring_category TEXT,
    risk_causes TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'moved_away', 'dissolved')),
    registered_on TEXT NOT NULL,
    income TEXT,
    consent_on TEXT,
    consent_form TEXT,
    erased_on TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX households_point ON households (service_point_id, id);
CREATE INDEX households_phone_tail ON households (phone_tail, id);
CREATE INDEX households_external_number ON households (external_number, id);

-- Half-open: valid_to is the first day of the next row. Neighbouring rows differ.
CREATE TABLE household_spans (
    household_id BLOB NOT NULL REFERENCES households (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    household_type TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (household_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT, WITHOUT ROWID;

-- left_on is the first day on which the person is no member. present: neither left, nor is the household ended or erased;
-- an identity number is unique among those present, found by its keyed hash.
CREATE TABLE household_members (
    id BLOB NOT NULL PRIMARY KEY,
    household_id BLOB NOT NULL REFERENCES households (id),
    name TEXT,
    relation TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_on TEXT,
    identity_number BLOB,
    identity_hash BLOB,
    no_identity_reason TEXT,
    ethnicity TEXT,
    education TEXT,
    health TEXT NOT NULL,
    labour_skill TEXT,
    disability_category TEXT,
    disability_grade TEXT,
    disability_certificate BLOB,
    phone BLOB,
    phone_tail TEXT,
    present INTEGER NOT NULL CHECK (present IN (0, 1)),
    joined_on TEXT NOT NULL,
    left_on TEXT,
    leave_reason TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((identity_number IS NULL) = (identity_hash IS NULL)),
    CHECK (left_on IS NULL OR left_on >= joined_on)
) STRICT;
CREATE UNIQUE INDEX household_members_identity ON household_members (identity_hash) WHERE present = 1;
CREATE UNIQUE INDEX household_members_one_head ON household_members (household_id) WHERE present = 1 AND relation = '02';
CREATE INDEX household_members_household ON household_members (household_id, id);
CREATE INDEX household_members_phone_tail ON household_members (phone_tail, household_id);
CREATE INDEX household_members_disability ON household_members (disability_category, household_id);

-- The name, pinyin and initials of members who are present.
CREATE TABLE household_member_keys (
    key TEXT NOT NULL,
    member_id BLOB NOT NULL REFERENCES household_members (id),
    household_id BLOB NOT NULL REFERENCES households (id),
    PRIMARY KEY (key, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX household_member_keys_member ON household_member_keys (member_id);

CREATE TABLE transfer_requests (
    id BLOB NOT NULL PRIMARY KEY,
    household_id BLOB NOT NULL REFERENCES households (id),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn')),
    reason TEXT NOT NULL,
    answer_reason TEXT,
    effective_on TEXT,
    answered_by BLOB REFERENCES accounts (id),
    answered_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((answered_at IS NULL) = (state = 'pending'))
) STRICT;
CREATE UNIQUE INDEX transfer_requests_pending ON transfer_requests (household_id, service_point_id) WHERE state = 'pending';
CREATE INDEX transfer_requests_point ON transfer_requests (service_point_id, id);
