-- The path is '/' and the id's 32 hexadecimal digits for the point and each of its ancestors, root
-- first, so its length alone tells the tier; the check below makes the database refuse a wrong depth.
CREATE TABLE service_points (
    id uuid NOT NULL PRIMARY KEY,
    parent_id uuid REFERENCES service_points (id),
    path text COLLATE "C" NOT NULL UNIQUE,
    tier text COLLATE "C" NOT NULL,
    region_code text COLLATE "C",
    name text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    opened_on date NOT NULL,
    closed_on date,
    address text COLLATE "C",
    longitude_e6 integer,
    latitude_e6 integer,
    contact_name text COLLATE "C",
    contact_phone bytea,
    version bigint NOT NULL,
    created_by uuid,
    request_digest bytea,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK ((parent_id IS NULL) = (tier = 'bureau')),
    CHECK (length(path) = CASE tier WHEN 'bureau' THEN 33 WHEN 'county' THEN 66 WHEN 'township' THEN 99 WHEN 'village' THEN 132 ELSE 0 END),
    CHECK (status IN ('planned', 'active', 'suspended', 'closed', 'merged')),
    CHECK ((closed_on IS NULL) = (status NOT IN ('closed', 'merged')))
);
CREATE UNIQUE INDEX service_points_one_root ON service_points (tier) WHERE tier = 'bureau';
CREATE UNIQUE INDEX service_points_region_code ON service_points (region_code) WHERE status NOT IN ('closed', 'merged');
CREATE INDEX service_points_parent ON service_points (parent_id, path);

-- Half-open: valid_to is the first day under the next parent.
CREATE TABLE service_point_parents (
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    parent_id uuid NOT NULL REFERENCES service_points (id),
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (service_point_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);

CREATE TABLE service_point_keys (
    key text COLLATE "C" NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    PRIMARY KEY (key, service_point_id)
);
CREATE INDEX service_point_keys_point ON service_point_keys (service_point_id);
