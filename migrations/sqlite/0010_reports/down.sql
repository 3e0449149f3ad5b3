DROP INDEX service_point_parents_parent;
DROP INDEX household_spans_point;
DROP TABLE report_waivers;
DROP TABLE report_records;
DROP TABLE report_children;
DROP TABLE report_submissions;
DROP TABLE reports;
