DROP TABLE cells;
DROP TABLE assistance_records;
