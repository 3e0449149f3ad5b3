DROP TABLE audit_events;
DROP FUNCTION refuse_change();
