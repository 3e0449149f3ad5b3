DROP TABLE inspection_findings;
DROP TABLE inspection_items;
DROP TABLE inspection_strata;
DROP TABLE inspection_frames;
DROP TABLE inspections;
