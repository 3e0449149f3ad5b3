DROP TABLE presence;
DROP TABLE cells;
