-- service_point_id is the top of what was inspected. The digest of the frame comes first, then the seed, then the draw.
CREATE TABLE inspections (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    name TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL,
    kinds TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('proportional', 'equal', 'risk')),
    sample_size INTEGER NOT NULL CHECK (sample_size > 0),
    frame_size INTEGER NOT NULL CHECK (frame_size >= sample_size),
    frame_parts INTEGER NOT NULL CHECK (frame_parts > 0),
    frame_digest TEXT NOT NULL,
    framed_at TEXT NOT NULL,
    seed TEXT,
    seed_source TEXT,
    seeded_at TEXT,
    drawn_at TEXT,
    closed_at TEXT,
    close_reason TEXT,
    state TEXT NOT NULL CHECK (state IN ('framed', 'seeded', 'drawn', 'closed')),
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((seed IS NULL) = (seeded_at IS NULL)),
    CHECK (drawn_at IS NULL OR seed IS NOT NULL),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    CHECK (state <> 'drawn' OR drawn_at IS NOT NULL),
    CHECK (state <> 'seeded' OR (seed IS NOT NULL AND drawn_at IS NULL)),
    CHECK (state <> 'framed' OR seed IS NULL)
) STRICT;
CREATE INDEX inspections_point ON inspections (service_point_id, id);

-- The lines of a frame in their order, packed, some thousands together: written once, never changed.
CREATE TABLE inspection_frames (
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    part INTEGER NOT NULL,
    lines BLOB NOT NULL,
    PRIMARY KEY (inspection_id, part)
) STRICT;

-- How many records of each weight a stratum has in the frame and in the sample.
CREATE TABLE inspection_strata (
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    stratum_id BLOB NOT NULL REFERENCES service_points (id),
    weight INTEGER NOT NULL,
    frame_size INTEGER NOT NULL,
    sample_size INTEGER NOT NULL,
    PRIMARY KEY (inspection_id, stratum_id, weight)
) STRICT;

-- service_point_id is the point that gave the assistance. What was recorded is what the version in the frame said.
CREATE TABLE inspection_items (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    number INTEGER NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    stratum_id BLOB NOT NULL REFERENCES service_points (id),
    weight INTEGER NOT NULL,
    record_id BLOB NOT NULL REFERENCES assistance_records (id),
    record_version INTEGER NOT NULL,
    household_id BLOB NOT NULL REFERENCES households (id),
    kind TEXT NOT NULL,
    given_on TEXT NOT NULL,
    recorded_quantity INTEGER NOT NULL,
    recorded_amount_fen INTEGER,
    state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'amount_differs', 'not_found', 'refused')),
    found_quantity INTEGER,
    found_amount_fen INTEGER,
    note TEXT,
    checked_by BLOB REFERENCES accounts (id),
    checked_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((checked_at IS NULL) = (state = 'open'))
) STRICT;
CREATE UNIQUE INDEX inspection_items_number ON inspection_items (inspection_id, number);
CREATE INDEX inspection_items_point ON inspection_items (service_point_id, id);

-- What an auditor asks for: the report of the point and the month goes back. A reviewer or manager decides.
CREATE TABLE inspection_findings (
    id BLOB NOT NULL PRIMARY KEY,
    inspection_id BLOB NOT NULL REFERENCES inspections (id),
    item_id BLOB NOT NULL REFERENCES inspection_items (id),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    period INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'dismissed')),
    decision_reason TEXT,
    decided_by BLOB REFERENCES accounts (id),
    decided_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open'))
) STRICT;
CREATE INDEX inspection_findings_point ON inspection_findings (service_point_id, id);
CREATE UNIQUE INDEX inspection_findings_item ON inspection_findings (item_id) WHERE state <> 'dismissed';
