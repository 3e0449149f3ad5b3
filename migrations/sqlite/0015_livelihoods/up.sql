-- What stays from one day to another: logistics sites and the villages that they cover, what a village is equipped with, who belongs
-- to an organisation, which household a store or an organisation lifts. What a column holds depends on the register:
-- logistics_site: kind, name, partner_id its operator; coverage: service_point_id the village, site_id; infrastructure:
-- service_point_id the village, kind, name its source; membership: kind the role, organisation_id, member_id; benefit_link: kind
-- the way, store_id or organisation_id, household_id. ends_on: the last day.
CREATE TABLE register_items (
    id BLOB NOT NULL PRIMARY KEY,
    register TEXT NOT NULL,
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    kind TEXT NOT NULL,
    name TEXT,
    partner_id BLOB REFERENCES catalogue_items (id),
    site_id BLOB REFERENCES register_items (id),
    store_id BLOB REFERENCES stores (id),
    organisation_id BLOB REFERENCES organisations (id),
    household_id BLOB REFERENCES households (id),
    member_id BLOB REFERENCES household_members (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    request_digest BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((register = 'coverage') = (site_id IS NOT NULL)),
    CHECK ((register = 'membership') = (member_id IS NOT NULL)),
    CHECK ((register = 'benefit_link') = (household_id IS NOT NULL)),
    CHECK (store_id IS NULL OR organisation_id IS NULL)
) STRICT;
CREATE INDEX register_items_point ON register_items (service_point_id, register, id);
CREATE INDEX register_items_register ON register_items (register, id);
CREATE INDEX register_items_site ON register_items (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX register_items_organisation ON register_items (organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX register_items_store ON register_items (store_id) WHERE store_id IS NOT NULL;
CREATE INDEX register_items_household ON register_items (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX register_items_member ON register_items (member_id) WHERE member_id IS NOT NULL;

-- Files, by the SHA-256 of their content, in hexadecimal.
CREATE TABLE files (
    digest TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Policy documents, projects and indicators are kept as the other catalogues are. mark: a document's number, the unit of an
-- indicator. source: who issued a document, who published an indicator. value: a project's budget in fen, an indicator in units of its
-- last decimal. villages: the ids of those that a project is for.
ALTER TABLE catalogue_items ADD COLUMN source TEXT;
ALTER TABLE catalogue_items ADD COLUMN decimals INTEGER;
ALTER TABLE catalogue_items ADD COLUMN file_digest TEXT REFERENCES files (digest);
ALTER TABLE catalogue_items ADD COLUMN villages TEXT;

-- An announcement may publish a document.
ALTER TABLE notices ADD COLUMN policy_document_id BLOB REFERENCES catalogue_items (id);
CREATE INDEX notices_document ON notices (policy_document_id) WHERE policy_document_id IS NOT NULL;

-- More ledgers, whose words the program alone knows from now on; SQLite changes no check of a table that is there, so both tables are
-- made anew. parcel: kind a direction, item_id the site, quantity parcels; wage: kind the role, item_id the membership; benefit: kind
-- the way, item_id the link; payment: kind where the funds come from, project_id.
CREATE TABLE kept_entries AS SELECT * FROM ledger_entries;
CREATE TABLE kept_versions AS SELECT * FROM ledger_entry_versions;
DROP TABLE ledger_entry_versions;
DROP TABLE ledger_entries;
CREATE TABLE ledger_entries (
    id BLOB NOT NULL PRIMARY KEY,
    ledger TEXT NOT NULL,
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
    item_id BLOB REFERENCES register_items (id),
    project_id BLOB REFERENCES catalogue_items (id),
    CHECK (ends_on >= on_day),
    CHECK ((void_reason IS NOT NULL) = (state = 'voided')),
    CHECK ((session_id IS NOT NULL) = (ledger = 'attendance')),
    CHECK ((item_id IS NOT NULL) = (ledger IN ('parcel', 'wage', 'benefit'))),
    CHECK ((project_id IS NOT NULL) = (ledger = 'payment'))
) STRICT;
INSERT INTO ledger_entries SELECT *, NULL, NULL FROM kept_entries;
CREATE INDEX ledger_entries_point ON ledger_entries (service_point_id, ledger, on_day, id);
CREATE INDEX ledger_entries_day ON ledger_entries (ledger, on_day, id);
CREATE INDEX ledger_entries_store ON ledger_entries (store_id, on_day, id) WHERE store_id IS NOT NULL;
CREATE INDEX ledger_entries_session ON ledger_entries (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX ledger_entries_campaign ON ledger_entries (campaign_id, on_day) WHERE campaign_id IS NOT NULL;
CREATE INDEX ledger_entries_member ON ledger_entries (member_id, on_day) WHERE member_id IS NOT NULL;
CREATE INDEX ledger_entries_item ON ledger_entries (item_id, on_day) WHERE item_id IS NOT NULL;
CREATE INDEX ledger_entries_project ON ledger_entries (project_id, on_day) WHERE project_id IS NOT NULL;
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
