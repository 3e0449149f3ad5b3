-- actor_kind: account, operator (a command on the server's own machine) or nobody (before a session stands).
CREATE TABLE audit_events (
    id uuid NOT NULL PRIMARY KEY,
    at timestamp NOT NULL,
    actor_kind text COLLATE "C" NOT NULL CHECK (actor_kind IN ('account', 'operator', 'nobody')),
    actor_id uuid,
    action text COLLATE "C" NOT NULL,
    object_type text COLLATE "C" NOT NULL,
    object_id uuid NOT NULL,
    service_point_id uuid,
    reason text COLLATE "C",
    before text COLLATE "C",
    after text COLLATE "C",
    content_hash bytea,
    request_id text COLLATE "C" NOT NULL,
    address text COLLATE "C",
    CHECK ((actor_id IS NOT NULL) = (actor_kind = 'account'))
);
CREATE INDEX audit_events_object ON audit_events (object_id, id);
CREATE INDEX audit_events_point ON audit_events (service_point_id, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
