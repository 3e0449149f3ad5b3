-- What stays from one day to another: logistics sites and the villages that they cover, what a village is equipped with, who belongs
-- to an organisation, which household a store or an organisation lifts. What a column holds depends on the register:
-- logistics_site: kind, name, partner_id its operator; coverage: service_point_id the village, site_id; infrastructure:
-- service_point_id the village, kind, name its source; membership: kind the role, organisation_id, member_id; benefit_link: kind
-- the way, store_id or organisation_id, household_id. ends_on: the last day.
CREATE TABLE register_items (
    id uuid NOT NULL PRIMARY KEY,
    register text COLLATE "C" NOT NULL,
    service_point_id uuid NOT NULL REFERENCES service_points (id),
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    partner_id uuid REFERENCES catalogue_items (id),
    site_id uuid REFERENCES register_items (id),
    store_id uuid REFERENCES stores (id),
    organisation_id uuid REFERENCES organisations (id),
    household_id uuid REFERENCES households (id),
    member_id uuid REFERENCES household_members (id),
    starts_on date NOT NULL,
    ends_on date,
    version bigint NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts (id),
    request_digest bytea NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((register = 'coverage') = (site_id IS NOT NULL)),
    CHECK ((register = 'membership') = (member_id IS NOT NULL)),
    CHECK ((register = 'benefit_link') = (household_id IS NOT NULL)),
    CHECK (store_id IS NULL OR organisation_id IS NULL)
);
CREATE INDEX register_items_point ON register_items (service_point_id, register, id);
CREATE INDEX register_items_register ON register_items (register, id);
CREATE INDEX register_items_site ON register_items (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX register_items_organisation ON register_items (organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX register_items_store ON register_items (store_id) WHERE store_id IS NOT NULL;
CREATE INDEX register_items_household ON register_items (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX register_items_member ON register_items (member_id) WHERE member_id IS NOT NULL;

-- Files, by the SHA-256 of their content, in hexadecimal.
CREATE TABLE files (
    digest text COLLATE "C" NOT NULL PRIMARY KEY,
    media_type text COLLATE "C" NOT NULL,
    content bytea NOT NULL,
    created_at timestamp NOT NULL
);

-- Policy documents, projects and indicators are kept as the other catalogues are. mark: a document's number, the unit of an
-- indicator. source: who issued a document, who published an indicator. value: a project's budget in fen, an indicator in units of its
-- last decimal. villages: the ids of those that a project is for.
ALTER TABLE catalogue_items ADD COLUMN source text COLLATE "C";
ALTER TABLE catalogue_items ADD COLUMN decimals bigint;
ALTER TABLE catalogue_items ADD COLUMN file_digest text COLLATE "C" REFERENCES files (digest);
ALTER TABLE catalogue_items ADD COLUMN villages text COLLATE "C";

-- An announcement may publish a document.
ALTER TABLE notices ADD COLUMN policy_document_id uuid REFERENCES catalogue_items (id);
CREATE INDEX notices_document ON notices (policy_document_id) WHERE policy_document_id IS NOT NULL;

-- More ledgers, whose words the program alone knows from now on. parcel: kind a direction, item_id the site, quantity parcels; wage: kind
-- the role, item_id the membership; benefit: kind the way, item_id the link; payment: kind where the funds come from, project_id.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_ledger_check;
ALTER TABLE ledger_entries ADD COLUMN item_id uuid REFERENCES register_items (id);
ALTER TABLE ledger_entries ADD COLUMN project_id uuid REFERENCES catalogue_items (id);
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_item CHECK ((item_id IS NOT NULL) = (ledger IN ('parcel', 'wage', 'benefit')));
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_project CHECK ((project_id IS NOT NULL) = (ledger = 'payment'));
CREATE INDEX ledger_entries_item ON ledger_entries (item_id, on_day) WHERE item_id IS NOT NULL;
CREATE INDEX ledger_entries_project ON ledger_entries (project_id, on_day) WHERE project_id IS NOT NULL;
