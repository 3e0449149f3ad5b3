-- actor_kind: account, operator (a command on the server's own machine) or nobody (before a session stands).
CREATE TABLE audit_events (
    id BLOB NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'nobody')),
    actor_id BLOB,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BLOB NOT NULL,
    service_point_id BLOB,
    reason TEXT,
    before TEXT,
    after TEXT,
    content_hash BLOB,
    request_id TEXT NOT NULL,
    address TEXT,
    CHECK ((actor_id IS NOT NULL) = (actor_kind = 'account'))
) STRICT;
CREATE INDEX audit_events_object ON audit_events (object_id, id);
CREATE INDEX audit_events_point ON audit_events (service_point_id, id);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;
-- INSERT OR REPLACE deletes the old row without asking the trigger for deletes.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit events are never replaced'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END;
