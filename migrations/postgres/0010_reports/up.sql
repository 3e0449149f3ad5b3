-- The monthly report of a point: one row for each point and month, made when it is first sent in; without a row it is open.
-- period: year * 100 + month. digest: that of the last submission.
CREATE TABLE reports (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    period integer NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'submitted', 'approved', 'returned')),
    submission bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX reports_point ON reports (service_point_id, period);

-- What was frozen each time; nothing but the decision is written later. own_figures are what the point itself adds to figures.
CREATE TABLE report_submissions (
    report_id uuid NOT NULL REFERENCES reports (id),
    number bigint NOT NULL,
    nil boolean NOT NULL,
    note text COLLATE "C",
    figures text COLLATE "C" NOT NULL,
    own_figures text COLLATE "C" NOT NULL,
    own_digest text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    submitted_by uuid NOT NULL REFERENCES accounts (id),
    submitted_at timestamp NOT NULL,
    decision text COLLATE "C" CHECK (decision IN ('approved', 'returned', 'withdrawn', 'reopened')),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamp,
    reason text COLLATE "C",
    PRIMARY KEY (report_id, number),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);

-- The points just below as they were when it was sent in: a frozen report keeps its own list.
CREATE TABLE report_children (
    report_id uuid NOT NULL REFERENCES reports (id),
    number bigint NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('approved', 'waived', 'absent')),
    digest text COLLATE "C",
    figures text COLLATE "C",
    PRIMARY KEY (report_id, number, service_point_id),
    CHECK ((digest IS NULL) = (state = 'waived')),
    CHECK ((figures IS NULL) = (state = 'waived'))
);

-- The digest of each record that a submission counted, as one JSON text.
CREATE TABLE report_records (
    report_id uuid NOT NULL REFERENCES reports (id),
    number bigint NOT NULL,
    records text COLLATE "C" NOT NULL,
    PRIMARY KEY (report_id, number)
);

-- A child whose report is not waited for. parent_id is the point that goes without it.
CREATE TABLE report_waivers (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    parent_id uuid NOT NULL REFERENCES service_points (id),
    period integer NOT NULL,
    reason text COLLATE "C" NOT NULL,
    revoked_at timestamp,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX report_waivers_in_force ON report_waivers (service_point_id, period) WHERE revoked_at IS NULL;
CREATE INDEX report_waivers_parent ON report_waivers (parent_id, period);

-- Which households are at home at a point, whatever the day.
CREATE INDEX household_spans_point ON household_spans (service_point_id, valid_from);
CREATE INDEX service_point_parents_parent ON service_point_parents (parent_id, valid_from);
