-- service_point_id is the top of what was inspected. The digest of the frame comes first, then the seed, then the draw.
CREATE TABLE inspections (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    name text COLLATE "C" NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    kinds text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL CHECK (method IN ('proportional', 'equal', 'risk')),
    sample_size bigint NOT NULL CHECK (sample_size > 0),
    frame_size bigint NOT NULL CHECK (frame_size >= sample_size),
    frame_parts bigint NOT NULL CHECK (frame_parts > 0),
    frame_digest text COLLATE "C" NOT NULL,
    framed_at timestamp NOT NULL,
    seed text COLLATE "C",
    seed_source text COLLATE "C",
    seeded_at timestamp,
    drawn_at timestamp,
    closed_at timestamp,
    close_reason text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('framed', 'seeded', 'drawn', 'closed')),
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((seed IS NULL) = (seeded_at IS NULL)),
    CHECK (drawn_at IS NULL OR seed IS NOT NULL),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    CHECK (state <> 'drawn' OR drawn_at IS NOT NULL),
    CHECK (state <> 'seeded' OR (seed IS NOT NULL AND drawn_at IS NULL)),
    CHECK (state <> 'framed' OR seed IS NULL)
);
CREATE INDEX inspections_point ON inspections (service_point_id, id);

-- The lines of a frame in their order, packed, some thousands together: written once, never changed.
CREATE TABLE inspection_frames (
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    part bigint NOT NULL,
    lines bytea NOT NULL,
    PRIMARY KEY (inspection_id, part)
);

-- How many records of each weight a stratum has in the frame and in the sample.
CREATE TABLE inspection_strata (
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    stratum_id uuid NOT NULL REFERENCES service_points (id),
    weight bigint NOT NULL,
    frame_size bigint NOT NULL,
    sample_size bigint NOT NULL,
    PRIMARY KEY (inspection_id, stratum_id, weight)
);

-- service_point_id is the point that gave the assistance. What was recorded is what the version in the frame said.
CREATE TABLE inspection_items (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    number bigint NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    stratum_id uuid NOT NULL REFERENCES service_points (id),
    weight bigint NOT NULL,
    record_id uuid NOT NULL REFERENCES assistance_records (id),
    record_version bigint NOT NULL,
    household_id uuid NOT NULL REFERENCES households (id),
    kind text COLLATE "C" NOT NULL,
    given_on date NOT NULL,
    recorded_quantity bigint NOT NULL,
    recorded_amount_fen bigint,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'confirmed', 'amount_differs', 'not_found', 'refused')),
    found_quantity bigint,
    found_amount_fen bigint,
    note text COLLATE "C",
    checked_by uuid REFERENCES accounts (id),
    checked_at timestamp,
    version bigint NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((checked_at IS NULL) = (state = 'open'))
);
CREATE UNIQUE INDEX inspection_items_number ON inspection_items (inspection_id, number);
CREATE INDEX inspection_items_point ON inspection_items (service_point_id, id);

-- What an auditor asks for: the report of the point and the month goes back. A reviewer or manager decides.
CREATE TABLE inspection_findings (
    id uuid NOT NULL PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES inspections (id),
    item_id uuid NOT NULL REFERENCES inspection_items (id),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    period integer NOT NULL,
    reason text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'accepted', 'dismissed')),
    decision_reason text COLLATE "C",
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamp,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((decided_at IS NULL) = (state = 'open'))
);
CREATE INDEX inspection_findings_point ON inspection_findings (service_point_id, id);
CREATE UNIQUE INDEX inspection_findings_item ON inspection_findings (item_id) WHERE state <> 'dismissed';
