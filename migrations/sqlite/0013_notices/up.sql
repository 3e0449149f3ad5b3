-- On which day of the next month the reports of a tier are due, and after which day nothing is entered for the month any more.
-- A row counts for its month and later ones; of two for one month, the one that was made last. service_point_id: the bureau.
CREATE TABLE reporting_rules (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    tier TEXT NOT NULL CHECK (tier IN ('bureau', 'county', 'township', 'village')),
    due_day INTEGER NOT NULL CHECK (due_day BETWEEN 1 AND 28),
    lock_day INTEGER CHECK (lock_day BETWEEN 1 AND 28),
    valid_from INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Until the end of which day entries for a month are still taken at a point and below, although the month is locked.
CREATE TABLE period_exceptions (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    period INTEGER NOT NULL,
    until_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    revoked_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX period_exceptions_point ON period_exceptions (service_point_id, period);

-- Notices to a point, and announcements, which are for everything below it as well.
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    kind TEXT NOT NULL CHECK (kind IN ('chase', 'return', 'reopen', 'announcement')),
    period INTEGER,
    chased_on TEXT,
    report_id BLOB REFERENCES reports (id),
    title TEXT,
    body TEXT,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB,
    created_at TEXT NOT NULL,
    CHECK ((kind = 'announcement') = (title IS NOT NULL)),
    CHECK ((kind = 'chase') = (chased_on IS NOT NULL)),
    CHECK ((kind = 'announcement') = (period IS NULL))
) STRICT;
CREATE INDEX notices_point ON notices (service_point_id, created_at, id);
CREATE UNIQUE INDEX notices_chase ON notices (service_point_id, period, chased_on) WHERE kind = 'chase';

-- Who has read what, and for which of the points that it was addressed to.
CREATE TABLE notice_reads (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    notice_id BLOB NOT NULL REFERENCES notices (id),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    read_at TEXT NOT NULL,
    PRIMARY KEY (account_id, notice_id, service_point_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_reads_notice ON notice_reads (notice_id, service_point_id);

CREATE INDEX reports_period ON reports (period, service_point_id);
