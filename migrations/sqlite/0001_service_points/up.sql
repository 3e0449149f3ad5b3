-- The path is '/' and the id's 32 hexadecimal digits for the point and each of its ancestors, root
-- first, so its length alone tells the tier; the check below makes the database refuse a wrong depth.
CREATE TABLE service_points (
    id BLOB NOT NULL PRIMARY KEY,
    parent_id BLOB REFERENCES service_points (id),
    path TEXT NOT NULL UNIQUE,
    tier TEXT NOT NULL,
    region_code TEXT,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    address TEXT,
    longitude_e6 INTEGER,
    latitude_e6 INTEGER,
    contact_name TEXT,
    contact_phone BLOB,
    version INTEGER NOT NULL,
    created_by BLOB,
    request_digest BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((parent_id IS NULL) = (tier = 'bureau')),
    CHECK (length(path) = CASE tier WHEN 'bureau' THEN 33 WHEN 'county' THEN 66 WHEN 'township' THEN 99 WHEN 'village' THEN 132 ELSE 0 END),
    CHECK (status IN ('planned', 'active', 'suspended', 'closed', 'merged')),
    CHECK ((closed_on IS NULL) = (status NOT IN ('closed', 'merged')))
) STRICT;
CREATE UNIQUE INDEX service_points_one_root ON service_points (tier) WHERE tier = 'bureau';
CREATE UNIQUE INDEX service_points_region_code ON service_points (region_code) WHERE status NOT IN ('closed', 'merged');
CREATE INDEX service_points_parent ON service_points (parent_id, path);

-- Half-open: valid_to is the first day under the next parent.
CREATE TABLE service_point_parents (
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    parent_id BLOB NOT NULL REFERENCES service_points (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (service_point_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE service_point_keys (
    key TEXT NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    PRIMARY KEY (key, service_point_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_point_keys_point ON service_point_keys (service_point_id);
