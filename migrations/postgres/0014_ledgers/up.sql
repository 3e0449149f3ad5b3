-- What managers at a county or the bureau keep lists of. kind: a code; the metric of an opening balance. parent_id: the partner
-- of an agreement, or who runs a platform. place_code: the region code of the county that a product comes from. value: an opening balance. mark: a
-- product's geographical indication, or how far a partner's business reaches.
CREATE TABLE catalogue_items (
    id uuid NOT NULL PRIMARY KEY,
    catalogue text COLLATE "C" NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C",
    parent_id uuid REFERENCES catalogue_items (id),
    place_code text COLLATE "C",
    starts_on date,
    ends_on date,
    value bigint,
    mark text COLLATE "C",
    note text COLLATE "C",
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (ends_on >= starts_on)
);
CREATE INDEX catalogue_items_catalogue ON catalogue_items (catalogue, id);
CREATE INDEX catalogue_items_parent ON catalogue_items (parent_id) WHERE parent_id IS NOT NULL;
-- Of one figure a point has one opening balance.
CREATE UNIQUE INDEX catalogue_items_opening ON catalogue_items (service_point_id, kind) WHERE catalogue = 'opening_balance';

-- credit_code: the unified social credit code (GB 32100).
CREATE TABLE organisations (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    credit_code text COLLATE "C" UNIQUE,
    founded_on date,
    ended_on date,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (ended_on >= founded_on)
);
CREATE INDEX organisations_point ON organisations (service_point_id, id);

-- A store belongs to a household, to an organisation or, without either, to the service point itself. closed_on: its last day.
CREATE TABLE stores (
    id uuid NOT NULL PRIMARY KEY,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    platform_id uuid NOT NULL REFERENCES catalogue_items (id),
    household_id uuid REFERENCES households (id),
    organisation_id uuid REFERENCES organisations (id),
    name text COLLATE "C" NOT NULL,
    link text COLLATE "C",
    opened_on date NOT NULL,
    closed_on date,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (closed_on >= opened_on),
    CHECK (household_id IS NULL OR organisation_id IS NULL)
);
CREATE INDEX stores_point ON stores (service_point_id, id);
CREATE INDEX stores_household ON stores (household_id, opened_on) WHERE household_id IS NOT NULL;
CREATE INDEX stores_organisation ON stores (organisation_id) WHERE organisation_id IS NOT NULL;

-- The entries of every ledger but that of assistance, which came first. What a column holds depends on the ledger:
-- sale: kind a channel, quantity orders; livestream: quantity orders, viewers, minutes; training_session: kind a topic, name,
-- partner_id its organiser, minutes; attendance: kind the session's topic, quantity heads, 1 for a member.
-- on_day of a whole month: its first day.
CREATE TABLE ledger_entries (
    id uuid NOT NULL PRIMARY KEY,
    ledger text COLLATE "C" NOT NULL CHECK (ledger IN ('sale', 'livestream', 'training_session', 'attendance')),
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    on_day date NOT NULL,
    whole_month boolean NOT NULL,
    ends_on date,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    store_id uuid REFERENCES stores (id),
    platform_id uuid REFERENCES catalogue_items (id),
    product_id uuid REFERENCES catalogue_items (id),
    campaign_id uuid REFERENCES catalogue_items (id),
    partner_id uuid REFERENCES catalogue_items (id),
    session_id uuid REFERENCES ledger_entries (id),
    member_id uuid REFERENCES household_members (id),
    quantity bigint NOT NULL CHECK (quantity >= 0),
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    viewers bigint CHECK (viewers >= 0),
    minutes bigint CHECK (minutes > 0),
    note text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('active', 'voided')),
    void_reason text COLLATE "C",
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (ends_on >= on_day),
    CHECK ((void_reason IS NOT NULL) = (state = 'voided')),
    CHECK ((session_id IS NOT NULL) = (ledger = 'attendance'))
);
CREATE INDEX ledger_entries_point ON ledger_entries (service_point_id, ledger, on_day, id);
CREATE INDEX ledger_entries_day ON ledger_entries (ledger, on_day, id);
CREATE INDEX ledger_entries_store ON ledger_entries (store_id, on_day, id) WHERE store_id IS NOT NULL;
CREATE INDEX ledger_entries_session ON ledger_entries (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX ledger_entries_campaign ON ledger_entries (campaign_id, on_day) WHERE campaign_id IS NOT NULL;
CREATE INDEX ledger_entries_member ON ledger_entries (member_id, on_day) WHERE member_id IS NOT NULL;

-- What an entry was before it was corrected or voided, as canonical JSON, and who replaced it and why.
CREATE TABLE ledger_entry_versions (
    entry_id uuid NOT NULL REFERENCES ledger_entries (id),
    version bigint NOT NULL,
    content text COLLATE "C" NOT NULL,
    replaced_reason text COLLATE "C" NOT NULL,
    replaced_by uuid NOT NULL REFERENCES accounts (id),
    replaced_at timestamp NOT NULL,
    PRIMARY KEY (entry_id, version)
);

-- Presence is told of stores and persons too, and clients choose ids: all but households are marked by what they are.
UPDATE presence SET kind = '@village' WHERE kind = '' AND subject_id IN (SELECT id FROM service_points);
