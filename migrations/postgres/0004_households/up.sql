CREATE TABLE households (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    head_name text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    household_type text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'moved_away', 'dissolved')),
    registered_on date NOT NULL,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX households_point ON households (service_point_id, id);
