-- An account is kept by one service point: who may manage accounts there may manage this one.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    phone BLOB,
    password_hash TEXT NOT NULL,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    last_sign_in_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB,
    request_digest BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_point ON accounts (service_point_id, id);

CREATE TABLE past_passwords (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    set_at TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, set_at)
) STRICT, WITHOUT ROWID;

-- Both days count; an open end has no valid_to.
CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('worker', 'reviewer', 'manager', 'auditor', 'admin')),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    revoked_at TEXT,
    version INTEGER NOT NULL,
    created_by BLOB,
    request_digest BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
) STRICT;
CREATE INDEX grants_account ON grants (account_id, id);
CREATE INDEX grants_point ON grants (service_point_id, id);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at TEXT NOT NULL,
    refreshed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    device TEXT NOT NULL,
    address TEXT
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id, id);

-- Every token that a session was ever given, so that an old one coming back is recognised.
CREATE TABLE refresh_tokens (
    digest BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    issued_at TEXT NOT NULL,
    replaced_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Failed sign-ins by user name and by address.
CREATE TABLE throttles (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    since TEXT NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_last ON throttles (last_at);
