-- What managers at a county or the bureau keep lists of. kind: a code; the metric of an opening balance. parent_id: the partner
-- of an agreement, or who runs a platform. place_code: the region code of the county that a product comes from. value: an opening balance. mark: a
-- product's geographical indication, or how far a partner's business reaches.
CREATE TABLE catalogue_items (
    id BLOB NOT NULL PRIMARY KEY,
    catalogue TEXT NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    name TEXT NOT NULL,
    kind TEXT,
    parent_id BLOB REFERENCES catalogue_items (id),
    place_code TEXT,
    starts_on TEXT,
    ends_on TEXT,
    value INTEGER,
    mark TEXT,
    note TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (ends_on >= starts_on)
) STRICT;
CREATE INDEX catalogue_items_catalogue ON catalogue_items (catalogue, id);
CREATE INDEX catalogue_items_parent ON catalogue_items (parent_id) WHERE parent_id IS NOT NULL;
-- Of one figure a point has one opening balance.
CREATE UNIQUE INDEX catalogue_items_opening ON catalogue_items (service_point_id, kind) WHERE catalogue = 'opening_balance';

-- credit_code: the unified social credit code (GB 32100).
CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    credit_code TEXT UNIQUE,
    founded_on TEXT,
    ended_on TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (ended_on >= founded_on)
) STRICT;
CREATE INDEX organisations_point ON organisations (service_point_id, id);

-- A store belongs to a household, to an organisation or, without either, to the service point itself. closed_on: its last day.
CREATE TABLE stores (
    id BLOB NOT NULL PRIMARY KEY,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    platform_id BLOB NOT NULL REFERENCES catalogue_items (id),
    household_id BLOB REFERENCES households (id),
    organisation_id BLOB REFERENCES organisations (id),
    name TEXT NOT NULL,
    link TEXT,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (closed_on >= opened_on),
    CHECK (household_id IS NULL OR organisation_id IS NULL)
) STRICT;
CREATE INDEX stores_point ON stores (service_point_id, id);
CREATE INDEX stores_household ON stores (household_id, opened_on) WHERE household_id IS NOT NULL;
CREATE INDEX stores_organisation ON stores (organisation_id) WHERE organisation_id IS NOT NULL;

-- The entries of every ledger but that of assistance, which came first. What a column holds depends on the ledger:
-- sale: kind a channel, quantity orders; livestream: quantity orders, viewers, minutes; training_session: kind a topic, name,
-- partner_id its organiser, minutes; attendance: kind the session's topic, quantity heads, 1 for a member.
-- on_day of a whole month: its first day.
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
CREATE INDEX ledger_entries_point ON ledger_entries (service_point_id, ledger, on_day, id);
CREATE INDEX ledger_entries_day ON ledger_entries (ledger, on_day, id);
CREATE INDEX ledger_entries_store ON ledger_entries (store_id, on_day, id) WHERE store_id IS NOT NULL;
CREATE INDEX ledger_entries_session ON ledger_entries (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX ledger_entries_campaign ON ledger_entries (campaign_id, on_day) WHERE campaign_id IS NOT NULL;
CREATE INDEX ledger_entries_member ON ledger_entries (member_id, on_day) WHERE member_id IS NOT NULL;

-- What an entry was before it was corrected or voided, as canonical JSON, and who replaced it and why.
CREATE TABLE ledger_entry_versions (
    entry_id BLOB NOT NULL REFERENCES ledger_entries (id),
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    replaced_reason TEXT NOT NULL,
    replaced_by BLOB NOT NULL REFERENCES accounts (id),
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
) STRICT, WITHOUT ROWID;

-- Presence is told of stores and persons too, and clients choose ids: all but households are marked by what they are.
UPDATE presence SET kind = '@village' WHERE kind = '' AND subject_id IN (SELECT id FROM service_points);
