-- The monthly report of a point: one row for each point and month, made when it is first sent in; without a row it is open.
-- period: year * 100 + month. digest: that of the last submission.
CREATE TABLE reports (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    period INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'approved', 'returned')),
    submission INTEGER NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX reports_point ON reports (service_point_id, period);

-- What was frozen each time; nothing but the decision is written later. own_figures are what the point itself adds to figures.
CREATE TABLE report_submissions (
    report_id BLOB NOT NULL REFERENCES reports (id),
    number INTEGER NOT NULL,
    nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
    note TEXT,
    figures TEXT NOT NULL,
    own_figures TEXT NOT NULL,
    own_digest TEXT NOT NULL,
    digest TEXT NOT NULL,
    submitted_by BLOB NOT NULL REFERENCES accounts (id),
    submitted_at TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('approved', 'returned', 'withdrawn', 'reopened')),
    decided_by BLOB REFERENCES accounts (id),
    decided_at TEXT,
    reason TEXT,
    PRIMARY KEY (report_id, number),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;

-- The points just below as they were when it was sent in: a frozen report keeps its own list.
CREATE TABLE report_children (
    report_id BLOB NOT NULL REFERENCES reports (id),
    number INTEGER NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('approved', 'waived', 'absent')),
    digest TEXT,
    figures TEXT,
    PRIMARY KEY (report_id, number, service_point_id),
    CHECK ((digest IS NULL) = (state = 'waived')),
    CHECK ((figures IS NULL) = (state = 'waived'))
) STRICT, WITHOUT ROWID;

-- The digest of each record that a submission counted, as one JSON text.
CREATE TABLE report_records (
    report_id BLOB NOT NULL REFERENCES reports (id),
    number INTEGER NOT NULL,
    records TEXT NOT NULL,
    PRIMARY KEY (report_id, number)
) STRICT, WITHOUT ROWID;

-- A child whose report is not waited for. parent_id is the point that goes without it.
CREATE TABLE report_waivers (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    parent_id BLOB NOT NULL REFERENCES service_points (id),
    period INTEGER NOT NULL,
    reason TEXT NOT NULL,
    revoked_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_waivers_in_force ON report_waivers (service_point_id, period) WHERE revoked_at IS NULL;
CREATE INDEX report_waivers_parent ON report_waivers (parent_id, period);

-- Which households are at home at a point, whatever the day.
CREATE INDEX household_spans_point ON household_spans (service_point_id, valid_from);
CREATE INDEX service_point_parents_parent ON service_point_parents (parent_id, valid_from);
