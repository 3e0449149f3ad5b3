DELETE FROM presence WHERE kind IN ('@store', '@person');
UPDATE presence SET kind = '' WHERE kind = '@village';
DROP TABLE ledger_entry_versions;
DROP TABLE ledger_entries;
DROP TABLE stores;
DROP TABLE organisations;
DROP TABLE catalogue_items;
