DELETE FROM ledger_entry_versions WHERE entry_id IN (SELECT id FROM ledger_entries WHERE ledger NOT IN ('sale', 'livestream', 'training_session', 'attendance'));
DELETE FROM ledger_entries WHERE ledger NOT IN ('sale', 'livestream', 'training_session', 'attendance');
CREATE TABLE kept_entries AS SELECT * FROM ledger_entries;
CREATE TABLE kept_versions AS SELECT * FROM ledger_entry_versions;
DROP TABLE ledger_entry_versions;
DROP TABLE ledger_entries;
CREATE TABLE ledger_entries (
    id BLOB NOT NULL PRIMARY KEY,
    ledger TEXT NOT NULL CHECK (ledger IN ('sale', 'livestream', 'training_session', 'attendance')),
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    on_day TEXT NOT NULL,
    whole_month INTEGER NOT NULL CHECK (whole_month IN (0, 1)),
    ends_on TEXT,
    kind TEXT NOT NULL,
    name TEXT,
    store_id BLOB REFERENCES stores (id),
    platform_id BLOB REFERENCES catalogue_items (id),
    product_id BLOB REFERENCES catalogue_items (id),
    campaign_id BLOB REFERENCES catalogue_items (id),
    partner_id BLOB REFERENCES catalogue_items (id),
    session_id BLOB REFERENCES ledger_entries (id),
    member_id BLOB REFERENCES household_members (id),
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
    viewers INTEGER CHECK (viewers >= 0),
    minutes INTEGER CHECK (minutes > 0),
    note TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'voided')),
    void_reason TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (ends_on >= on_day),
    CHECK ((void_reason IS NOT NULL) = (state = 'voided')),
    CHECK ((session_id IS NOT NULL) = (ledger = 'attendance'))
) STRICT;
INSERT INTO ledger_entries SELECT id, ledger, service_point_id, on_day, whole_month, ends_on, kind, name, store_id, platform_id, product_id, campaign_id, partner_id, session_id, member_id, quantity, amount_fen, viewers, minutes, note, state, void_reason, version, created_by, request_digest, created_at, updated_at FROM kept_entries;
CREATE INDEX ledger_entries_point ON ledger_entries (service_point_id, ledger, on_day, id);
CREATE INDEX ledger_entries_day ON ledger_entries (ledger, on_day, id);
CREATE INDEX ledger_entries_store ON ledger_entries (store_id, on_day, id) WHERE store_id IS NOT NULL;
CREATE INDEX ledger_entries_session ON ledger_entries (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX ledger_entries_campaign ON ledger_entries (campaign_id, on_day) WHERE campaign_id IS NOT NULL;
CREATE INDEX ledger_entries_member ON ledger_entries (member_id, on_day) WHERE member_id IS NOT NULL;
CREATE TABLE ledger_entry_versions (
    entry_id BLOB NOT NULL REFERENCES ledger_entries (id),
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    replaced_reason TEXT NOT NULL,
    replaced_by BLOB NOT NULL REFERENCES accounts (id),
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_entry_versions SELECT * FROM kept_versions;
DROP TABLE kept_versions;
DROP TABLE kept_entries;
DROP INDEX notices_document;
ALTER TABLE notices DROP COLUMN policy_document_id;
ALTER TABLE catalogue_items DROP COLUMN villages;
ALTER TABLE catalogue_items DROP COLUMN file_digest;
ALTER TABLE catalogue_items DROP COLUMN decimals;
ALTER TABLE catalogue_items DROP COLUMN source;
DROP TABLE files;
DROP TABLE register_items;
