-- actor_kind: account, operator (a command on the server's own machine) or nobody (before a session stands).
-- object_version and content_hash: the row's version and the SHA-256 of its canonical content after the event.
CREATE TABLE audit_events (
    id BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'nobody')),
    actor_id BLOB,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BLOB NOT NULL,
    object_version INTEGER,
    service_point_id BLOB,
    reason TEXT,
    before TEXT,
    after TEXT,
    content_hash BLOB,
    request_id TEXT NOT NULL,
    address TEXT,
    CHECK ((actor_id IS NOT NULL) = (actor_kind = 'account')),
    CHECK ((object_version IS NULL) = (content_hash IS NULL))
) STRICT;
CREATE INDEX audit_events_object ON audit_events (object_id, id);
CREATE INDEX audit_events_point ON audit_events (service_point_id, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;
-- INSERT OR REPLACE deletes the old row without asking the trigger for deletes.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit events are never replaced'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END;

-- The place of an event in the chain: digest is the SHA-256 of the digest before it and of the event's own; mac shows that
-- whoever put it there had the installation's key. seq has no gaps. No foreign key: a seal outlives an event that was removed
-- by hand, and tells of it.
CREATE TABLE audit_seals (
    seq INTEGER NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'seals are never changed'); END;
CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_seals WHERE seq = NEW.seq OR event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'seals are never replaced'); END;
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'seals are never deleted'); END;

-- Events that wait for their place in the chain, written with the event. mac: only the program puts events here.
CREATE TABLE audit_unsealed (
    event_id BLOB NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What is true of the whole installation, such as the fingerprint of its key.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
