CREATE TABLE households (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    head_name TEXT NOT NULL,
    address TEXT NOT NULL,
    household_type TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'moved_away', 'dissolved')),
    registered_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX households_point ON households (service_point_id, id);
