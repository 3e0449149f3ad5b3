-- An account is kept by one service point: who may manage accounts there may manage this one.
CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    username text COLLATE "C" NOT NULL UNIQUE,
    display_name text COLLATE "C" NOT NULL,
    phone bytea,
    password_hash text COLLATE "C" NOT NULL,
    must_change_password boolean NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
    last_sign_in_at timestamp,
    version bigint NOT NULL,
    created_by uuid,
    request_digest bytea,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);
CREATE INDEX accounts_point ON accounts (service_point_id, id);

CREATE TABLE past_passwords (
    account_id uuid NOT NULL REFERENCES accounts (id),
    set_at timestamp NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, set_at)
);

-- Both days count; an open end has no valid_to.
CREATE TABLE grants (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    role text COLLATE "C" NOT NULL CHECK (role IN ('worker', 'reviewer', 'manager', 'auditor', 'admin')),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    valid_from date NOT NULL,
    valid_to date,
    revoked_at timestamp,
    version bigint NOT NULL,
    created_by uuid,
    request_digest bytea,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX grants_account ON grants (account_id, id);
CREATE INDEX grants_point ON grants (service_point_id, id);

CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamp NOT NULL,
    refreshed_at timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    ended_at timestamp,
    device text COLLATE "C" NOT NULL,
    address text COLLATE "C"
);
CREATE INDEX sessions_account ON sessions (account_id, id);

-- Every token that a session was ever given, so that an old one coming back is recognised.
CREATE TABLE refresh_tokens (
    digest bytea NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    issued_at timestamp NOT NULL,
    replaced_at timestamp
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Failed sign-ins by user name and by address.
CREATE TABLE throttles (
    key text COLLATE "C" NOT NULL PRIMARY KEY,
    failures bigint NOT NULL,
    since timestamp NOT NULL,
    last_at timestamp NOT NULL
);
CREATE INDEX throttles_last ON throttles (last_at);
