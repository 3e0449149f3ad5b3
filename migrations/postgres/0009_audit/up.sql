-- actor_kind: account, operator (a command on the server's own machine) or nobody (before a session stands).
-- object_version and content_hash: the row's version and the SHA-256 of its canonical content after the event.
CREATE TABLE audit_events (
    id uuid NOT NULL PRIMARY KEY,
    at timestamp NOT NULL,
    actor_kind text COLLATE "C" NOT NULL CHECK (actor_kind IN ('account', 'operator', 'nobody')),
    actor_id uuid,
    action text COLLATE "C" NOT NULL,
    object_type text COLLATE "C" NOT NULL,
    object_id uuid NOT NULL,
    object_version bigint,
    service_point_id uuid,
    reason text COLLATE "C",
    before text COLLATE "C",
    after text COLLATE "C",
    content_hash bytea,
    request_id text COLLATE "C" NOT NULL,
    address text COLLATE "C",
    CHECK ((actor_id IS NOT NULL) = (actor_kind = 'account')),
    CHECK ((object_version IS NULL) = (content_hash IS NULL))
);
CREATE INDEX audit_events_object ON audit_events (object_id, id);
CREATE INDEX audit_events_point ON audit_events (service_point_id, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The place of an event in the chain: digest is the SHA-256 of the digest before it and of the event's own; mac shows that
-- whoever put it there had the installation's key. seq has no gaps. No foreign key: a seal outlives an event that was removed
-- by hand, and tells of it.
CREATE TABLE audit_seals (
    seq bigint NOT NULL PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    digest bytea NOT NULL,
    mac bytea NOT NULL
);
CREATE TRIGGER audit_seals_no_change BEFORE UPDATE OR DELETE ON audit_seals
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON audit_seals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Events that wait for their place in the chain, written with the event. mac: only the program puts events here.
CREATE TABLE audit_unsealed (
    event_id uuid NOT NULL PRIMARY KEY,
    digest bytea NOT NULL,
    mac bytea NOT NULL
);

-- What is true of the whole installation, such as the fingerprint of its key.
CREATE TABLE installation (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value text COLLATE "C" NOT NULL
);
