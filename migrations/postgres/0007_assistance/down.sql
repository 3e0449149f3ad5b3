DROP TABLE assistance_record_versions;
DROP TABLE assistance_records;
