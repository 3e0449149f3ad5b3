-- On which day of the next month the reports of a tier are due, and after which day nothing is entered for the month any more.
-- A row counts for its month and later ones; of two for one month, the one that was made last. service_point_id: the bureau.
CREATE TABLE reporting_rules (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    tier text COLLATE "C" NOT NULL CHECK (tier IN ('bureau', 'county', 'township', 'village')),
    due_day integer NOT NULL CHECK (due_day BETWEEN 1 AND 28),
    lock_day integer CHECK (lock_day BETWEEN 1 AND 28),
    valid_from integer NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL
);

-- Until the end of which day entries for a month are still taken at a point and below, although the month is locked.
CREATE TABLE period_exceptions (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    period integer NOT NULL,
    until_day date NOT NULL,
    reason text COLLATE "C" NOT NULL,
    revoked_at timestamp,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX period_exceptions_point ON period_exceptions (service_point_id, period);

-- Notices to a point, and announcements, which are for everything below it as well.
CREATE TABLE notices (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('chase', 'return', 'reopen', 'announcement')),
    period integer,
    chased_on date,
    report_id uuid REFERENCES reports (id),
    title text COLLATE "C",
    body text COLLATE "C",
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea,
    created_at timestamp NOT NULL,
    CHECK ((kind = 'announcement') = (title IS NOT NULL)),
    CHECK ((kind = 'chase') = (chased_on IS NOT NULL)),
    CHECK ((kind = 'announcement') = (period IS NULL))
);
CREATE INDEX notices_point ON notices (service_point_id, created_at, id);
CREATE UNIQUE INDEX notices_chase ON notices (service_point_id, period, chased_on) WHERE kind = 'chase';

-- Who has read what, and for which of the points that it was addressed to.
CREATE TABLE notice_reads (
    account_id uuid NOT NULL REFERENCES accounts (id),
    notice_id uuid NOT NULL REFERENCES notices (id),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    read_at timestamp NOT NULL,
    PRIMARY KEY (account_id, notice_id, service_point_id)
);
CREATE INDEX notice_reads_notice ON notice_reads (notice_id, service_point_id);

CREATE INDEX reports_period ON reports (period, service_point_id);
